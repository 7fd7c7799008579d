package web

import (
	"encoding/json"
	"errors"
	"io"

	"zhanggui/internal/fault"
)

// readJSON reads a whole body as one object of known names.
func (v *visit) readJSON(to any) error {
	d := json.NewDecoder(v.Request().Body)
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		if tooLarge(err) {
			return err
		}
		return fault.New("web.bad_json")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New("web.bad_json")
	}
	return nil
}
