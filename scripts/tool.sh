# Sourced: tool NAME PACKAGE VERSION sets $tool to the program, built once per version into .cache/bin.
tool() {
  tool="$PWD/.cache/bin/$1-$3"
  [ -x "$tool" ] && return 0
  echo "building $1 $3"
  local made
  made=$(mktemp -d)
  GOBIN="$made" GOFLAGS= timeout 1500 go install "$2@$3"
  mkdir -p .cache/bin
  mv "$made/$1" "$tool"
  rmdir "$made"
}
