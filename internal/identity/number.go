package identity

import (
	"fmt"
	"io"
	"slices"
)

// The desktop shows one number of two digits; the phone offers three to choose from.
const (
	numberMin   = 10
	numberCount = 90
	choiceCount = 3
)

// drawNumbers draws three different numbers, all equally likely, and which one the desktop shows.
// The choices stand in order of size, so that their order tells nothing.
func drawNumbers(random io.Reader) (shown int, choices []byte, err error) {
	for len(choices) < choiceCount {
		n, err := below(random, numberCount)
		if err != nil {
			return 0, nil, err
		}
		if c := byte(numberMin + n); !slices.Contains(choices, c) {
			choices = append(choices, c)
		}
	}
	shown = int(choices[0])
	slices.Sort(choices)
	return shown, choices, nil
}

// below draws a number from 0 to n-1, n ≤ 256, each as likely as the others.
func below(random io.Reader, n int) (int, error) {
	fair := 256 - 256%n
	one := make([]byte, 1)
	for {
		if _, err := io.ReadFull(random, one); err != nil {
			return 0, fmt.Errorf("random number: %w", err)
		}
		if int(one[0]) < fair {
			return int(one[0]) % n, nil
		}
	}
}
