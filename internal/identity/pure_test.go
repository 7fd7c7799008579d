package identity

import (
	"bytes"
	"crypto/rand"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/words"
)

func TestTheNumbersAreThreeDifferentOnesInOrderAndAllAlikeLikely(t *testing.T) {
	t.Parallel()
	const rounds = 30000
	places, seen := [choiceCount]int{}, map[int]int{}
	for range rounds {
		shown, choices, err := drawNumbers(rand.Reader)
		if err != nil || len(choices) != choiceCount || !slices.IsSorted(choices) ||
			choices[0] < numberMin || choices[2] >= numberMin+numberCount || choices[0] == choices[1] || choices[1] == choices[2] {
			t.Fatalf("drew %d of %v, %v", shown, choices, err)
		}
		places[slices.Index(choices, byte(shown))]++
		seen[shown]++
	}
	for i, n := range places {
		if n < rounds/4 || n > rounds/2 {
			t.Errorf("the right number stands at place %d in %d of %d cases", i, n, rounds)
		}
	}
	if len(seen) != numberCount {
		t.Errorf("only %d numbers were ever shown", len(seen))
	}
}

func TestTheNumbersComeFromTheGivenSource(t *testing.T) {
	t.Parallel()
	shown, choices, err := drawNumbers(bytes.NewReader([]byte{255, 48, 48, 21, 180, 164}))
	if err != nil || shown != 58 || !bytes.Equal(choices, []byte{31, 58, 84}) {
		t.Errorf("drew %d of %v, %v", shown, choices, err)
	}
	if _, _, err := drawNumbers(bytes.NewReader([]byte{1, 2})); err == nil {
		t.Error("drew from an empty source")
	}
}

func TestBrowsersAreCalledAsPeopleCallThem(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		chromeOnWindows: "Chrome 156，Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/155.0.0.0 Safari/537.36 Edg/155.0.0.0":                           "Edge 155，Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0":                                                                                  "Firefox 148，Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15":                                   "Safari 26，macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1":                 "Safari 18，iOS",
		"Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.60": "WeChat 8，Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 OPR/130.0":                         "Opera 130，macOS",
		"curl/8.5": "未知浏览器", "": "未知浏览器", "Windows": "其他浏览器，Windows", "Chrome/99 Plan9": "Chrome 99，其他系统",
		"Chrome/99999999999 Windows": "其他浏览器，Windows",
	} {
		if got := BrowserWords(t.Context(), agent); got != want {
			t.Errorf("%s is called %q, want %q", agent, got, want)
		}
	}
}

func TestLoginsAreReadWithoutCaseAndOuterSpaces(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]string{
		"peterqiao@1234567890": "peterqiao@1234567890", " PeterQiao@1234567890\n": "peterqiao@1234567890",
		"abcde@1234567890": "", "abcdefghijklm@1234567890": "", "abcdef": "", "abcdef@": "", "abcdef@0234567890": "",
		"abcdef@12345678901": "", "abc-ef@1234567890": "", "abcdef@1234567890@": "", "名字名字名字@1234567890": "",
	} {
		name, merchant, ok := splitLogin(login)
		if ok != (want != "") || ok && fullLogin(name, merchant) != want {
			t.Errorf("%q reads %s %d %v", login, name, merchant, ok)
		}
	}
}

func TestWhatABrowserWritesIsBounded(t *testing.T) {
	t.Parallel()
	b := Browser{Address: strings.Repeat("1", 1000), Agent: "a\x00b\xff" + strings.Repeat("浏", 1000)}.tidy()
	if len(b.Address) != addressMax || len([]rune(b.Agent)) != agentMax || !strings.HasPrefix(b.Agent, "ab浏") {
		t.Errorf("kept %d and %d characters", len(b.Address), len([]rune(b.Agent)))
	}
}

func TestEachStepOfATicketIsInTheTableAndEndsLeadNowhere(t *testing.T) {
	t.Parallel()
	for _, end := range []State{Redeemed, Pending, Bound, Refused, Failed, Expired} {
		if len(moves[end]) != 0 {
			t.Errorf("%s leads on", end)
		}
	}
	reached := map[State]bool{Waiting: true}
	for _, acts := range moves {
		for a, to := range acts {
			reached[to] = true
			if to == Waiting {
				t.Errorf("%s leads back to the beginning", a)
			}
		}
	}
	if len(reached) != 9 {
		t.Errorf("%d states are reached, want 9: %v", len(reached), reached)
	}
}

func TestEveryRefusalAndEveryWordHasItsWords(t *testing.T) {
	t.Parallel()
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	code, id := regexp.MustCompile(`fault\.New\("([^"]+)"\)`), regexp.MustCompile(`words\.[TF]\(ctx, "([^"]+)"[,)]`)
	found := 0
	for _, n := range names {
		if !strings.HasSuffix(n.Name(), ".go") || strings.HasSuffix(n.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(n.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(code.FindAllSubmatch(source, -1), id.FindAllSubmatch(source, -1)...) {
			want := string(m[1])
			if strings.HasPrefix(want, "identity.") && code.Match(m[0]) {
				want = "fault." + want
			}
			if found++; !words.Has(t.Context(), want) {
				t.Errorf("%s says %s, which the catalogue does not have", n.Name(), want)
			}
		}
	}
	if found < 40 {
		t.Errorf("found only %d refusals and words", found)
	}
	for _, template := range Templates {
		if !words.Has(t.Context(), "identity.notice_"+template) {
			t.Errorf("the notice %s has no title", template)
		}
	}
	for _, field := range []string{"merchant", "login", "browser", "address", "time", "person", "until"} {
		if !words.Has(t.Context(), "identity.field_"+field) {
			t.Errorf("the field %s has no words", field)
		}
	}
	for _, kind := range []string{"new_browser", "binding_done", "binding_request", "password_tries"} {
		if !words.Has(t.Context(), "inbox."+kind+".title") || !words.Has(t.Context(), "inbox."+kind+".body") {
			t.Errorf("the message %s has no words", kind)
		}
	}
}
