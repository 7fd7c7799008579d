package main

import "testing"

func TestCommandsFindTheKeyOfADemoOverSomebodyElsesDatabase(t *testing.T) {
	t.Parallel()
	s := settings{DatabaseURL: "postgres://elsewhere", Data: t.TempDir()}
	if _, err := s.vault(); err == nil {
		t.Error("a key is found where nobody made one")
	}
	key, err := demoKey(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.vault(); err != nil {
		t.Errorf("the demo's key is not found: %v", err)
	}
	again, err := demoKey(s)
	if err != nil || string(again) != string(key) {
		t.Errorf("the demo has another key: %v", err)
	}
}
