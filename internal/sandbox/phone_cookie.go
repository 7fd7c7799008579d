package sandbox

import (
	"net/http"

	"zhanggui/internal/fault"
	"zhanggui/internal/words"
)

// Cookies that decide whose WeChat answers in a browser.
const (
	cookieAs      = "zg_as"
	cookieAsPath  = Prefix + "/"
	cookiePhone   = "zg_m" // the portal's phone cookie; another person must not inherit it
	cookieMobPath = "/m/"
)

// Become makes this browser the person's phone: their WeChat answers from now on, and what an earlier
// person was signed in to on the phone pages is forgotten.
func (w *WeChat) Become(rw http.ResponseWriter, r *http.Request, person string) error {
	if _, err := w.Phone(r.Context(), person); err != nil {
		return err
	}
	setCookie(rw, cookieAs, person, cookieAsPath, 0)
	setCookie(rw, cookiePhone, "", cookieMobPath, -1)
	return nil
}

// setCookie leaves Secure out: the demo is served over plain http, and these cookies guard nothing.
func setCookie(rw http.ResponseWriter, name, value, path string, maxAge int) {
	http.SetCookie(rw, &http.Cookie{ //nolint:gosec // see above
		Name: name, Value: value, Path: path, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// Holder is whose phone the request comes from. Nobody's: a refusal that says how to open the page.
func (w *WeChat) Holder(r *http.Request) (Phone, error) {
	cookie, err := r.Cookie(cookieAs)
	if err != nil {
		return Phone{}, errNotInWeChat
	}
	phone, err := w.Phone(r.Context(), cookie.Value)
	if fault.Is(err, fault.ErrNotFound.Code) {
		return Phone{}, errNotInWeChat
	}
	return phone, err
}

func (w *WeChat) serveAs(rw http.ResponseWriter, r *http.Request) {
	person := r.PathValue("person")
	switch err := w.Become(rw, r, person); {
	case err == nil:
		writeText(rw, http.StatusOK, words.F(r.Context(), "sandbox.as", words.Args{"Name": w.people[person].Name, "ID": person}))
	case fault.Is(err, fault.ErrNotFound.Code):
		writeText(rw, http.StatusNotFound, words.T(r.Context(), "sandbox.no_such_person"))
	default:
		fail(rw, r, err)
	}
}
