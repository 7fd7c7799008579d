package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// NoBinaries says that PostgreSQL's programs are missing, and where they were looked for.
type NoBinaries struct {
	Version string // the major version the data needs; empty: any
	Looked  []string
}

func (e *NoBinaries) Error() string {
	what := "PostgreSQL"
	if e.Version != "" {
		what = "PostgreSQL " + e.Version + " (the version of the existing data)"
	}
	return fmt.Sprintf("%s is not installed (looked in %s): install the server package, on Debian "+
		"`apt-get install postgresql`, or set PGBIN to the folder of initdb and postgres",
		what, strings.Join(e.Looked, ", "))
}

// findBinaries gives the folder of initdb and postgres. Data that exists asks for its own version.
func findBinaries(override, version string) (string, error) {
	candidates := []string{override}
	if override == "" {
		candidates = installed()
	}
	for _, folder := range candidates {
		if complete(folder) && (version == "" || majorOf(folder) == version) {
			return folder, nil
		}
	}
	return "", &NoBinaries{Version: version, Looked: candidates}
}

// installed lists Debian's version folders, newest first, then the folder on PATH.
func installed() []string {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is fixed and valid
	sort.Slice(folders, func(i, j int) bool { return debianVersion(folders[i]) > debianVersion(folders[j]) })
	if len(folders) == 0 {
		folders = []string{"/usr/lib/postgresql/*/bin"}
	}
	found, err := exec.LookPath("postgres")
	if err != nil {
		return append(folders, "PATH")
	}
	if real, err := filepath.EvalSymlinks(found); err == nil {
		found = real
	}
	return append(folders, filepath.Dir(found))
}

func debianVersion(folder string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	return n
}

func complete(folder string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		st, err := os.Stat(filepath.Join(folder, name))
		if err != nil || st.IsDir() || st.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// majorOf asks the server program; "postgres (PostgreSQL) 15.18 (Debian …)" is 15.
func majorOf(folder string) string {
	out, err := exec.Command(filepath.Join(folder, "postgres"), "--version").Output()
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(out), ") ")
	end := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	return after[:max(end, 0)]
}

// dataVersion is the major version that made the data, empty where there is none.
func (h home) dataVersion() string {
	text, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
