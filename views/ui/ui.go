// Package ui holds the parts that pages are composed of. It knows HTML and the stylesheet's classes and
// nothing of merchants, orders or money: texts arrive already said, amounts already written, addresses
// already built. It refuses to know any other package of the product; the few words that belong to a part
// itself (copy, previous page, …) it asks through Say. No part writes an inline style or script, and every
// part works without JavaScript.
//
// Which part for what (all are templ; the struct in brackets is documented beside its fields):
//
//	Icon(Glyph)                     16×16 line icon, hidden from readers
//	Button(Act) Link(Act)           button or, with Href, a link that looks like one; a plain link
//	PostButton(Post)                a form of hidden values and one button, for acts that change something
//	Print(word)                     a button that prints the page
//	HiddenPairs([]Pair)             hidden values of the form around it
//	Menu(word, label)               drop-down of children; Exports([]Act) is the export menu of a list
//	Tag(State, word)                a state word of the glossary in its colour, nothing else
//	Amount(text, unit)              the one big figure of a page
//	ShortID LinkID CopyID Copy      numbers of things: 4…4 in lists, whole with copy button in details
//	TextCell(class, text) CutCell   cells of long lists; the second holds its text to one line
//	LabelCell LinkCell WhoCell      a figure with its word on the phone; a cell that leads on; a name
//	Crumbs PageHead(Head)           where I am; title and one sentence, acts as children, the primary last
//	Panel(Section) Bare(label)      one thing with a head or without; inside: PanelBody, Table, Facts, Todo, …
//	Figures([]Figure)               label, value, change in words
//	Facts([]Fact) FactsOne          word and value in two columns, in one
//	Timeline([]Event)               when and what, newest first
//	Todo([]TodoRow)                 sentences with one act each
//	Views(SavedViews)               saved views as tabs, saving and removing at the end
//	Filter(FilterBar)               the bar around FilterText, FilterSelect, FilterDates, FilterAmounts
//	Result([]Sum)                   the line above a table: found, sums; children at its right end
//	Table(Grid)                     scroll box, caption and head; children are <tr>. Mark the cells that a phone
//	                                shows: m1 what, m2 amount, m3 time, m4 state or balance; data-label puts a
//	                                word before the value; num is a figure, in and out colour it beside its sign
//	Density(now, back)              the switch between roomy and dense rows
//	Pager(Pages)                    keyset pager: shown, page size, previous, next
//	Empty(Nothing)                  why it is empty and one way on
//	TextField AreaField SelectField RadioField TickField FileField PasswordField    one question (Field)
//	ErrorSummary(title, []Fault)    what is wrong with a refused form, with links to the fields
//	Banner(Note)                    amber, failed, done or plain (温馨提示) notice
//	Guide(steps, now)               steps across the top; Agreement(label) is the scroll box of a text
//	ScanCard(Scan) ScanFace(Scan)   QR card with its five states; the face is what an event replaces
//	QR(modules, name)               a code alone
//	Live(id, url)                   children that the server replaces over SSE; it ends with an event "end"
//	BarChart(Chart)                 bars as SVG with title, words and the table behind a toggle
//	Progress(Meter)                 a bar with words
//	Code(text)                      request, answer or file text
//	PhoneForm PhoneHead PhoneCells PhoneSection PhoneChoices PhoneNumbers PhoneNote PhoneFoot
//	                                a page in the chat app that asks one question
//	PhoneResult PhoneLinks          how it ended, and where to go
//	PhoneMessage(Message)           a message of an official account
package ui

import (
	"context"

	"github.com/a-h/templ"
)

// Say gives the words of a part by their id ("ui.copy"), with the places of the sentence filled. The shell
// of the pages connects it to the catalogue; until then ids are shown, which a reader of a test notices.
var Say = func(_ context.Context, id string, _ map[string]any) string { return id }

func say(ctx context.Context, id string) string { return Say(ctx, id, nil) }

// State is the colour of a state word: grey waits or has ended, blue moves, green is done, amber needs the
// reader, red has failed.
type State string

// The five colours of a state.
const (
	Waiting State = ""
	Moving  State = "move"
	Done    State = "done"
	Needs   State = "need"
	Failed  State = "fail"
)

// Kind is the weight of a button.
type Kind string

// A page has at most one Primary, rightmost. Danger ends or revokes something.
const (
	Plain   Kind = ""
	Primary Kind = "primary"
	Danger  Kind = "danger"
	Ghost   Kind = "ghost"
)

// Act is something a reader can do: a link when Href is set, else a button of the form around it.
type Act struct {
	Word     string
	Href     string
	Kind     Kind
	Small    bool
	Icon     Glyph
	Label    string // said instead of Word where Word alone is unclear
	Name     string // of the button, with Value
	Value    string
	Form     string // id of the form the button belongs to, when it stands outside
	Disabled bool   // the reason must stand beside it in words
	Download bool
	Attrs    templ.Attributes
}

// Post is a form of hidden values and one button.
type Post struct {
	Action string
	Hidden []Pair
	Act    Act
}

// Pair is one hidden value of a form.
type Pair struct{ Name, Value string }

// Crumb is one step of the way to a page; the last has no Href.
type Crumb struct{ Word, Href string }

func (a Act) class() string {
	class := "btn"
	if a.Kind != Plain {
		class += " btn-" + string(a.Kind)
	}
	if a.Small {
		class += " btn-sm"
	}
	return class
}
