package ui

// Glyph names an icon. All are drawn on 16×16 by lines of 1.5.
type Glyph string

// The icons of the product.
const (
	IconMenu    Glyph = "menu"
	IconSearch  Glyph = "search"
	IconMail    Glyph = "mail"
	IconDown    Glyph = "down"
	IconRight   Glyph = "right"
	IconBack    Glyph = "back"
	IconMoon    Glyph = "moon"
	IconSun     Glyph = "sun"
	IconCopy    Glyph = "copy"
	IconCheck   Glyph = "check"
	IconCross   Glyph = "cross"
	IconDash    Glyph = "dash"
	IconWarn    Glyph = "warn"
	IconInfo    Glyph = "info"
	IconClock   Glyph = "clock"
	IconPhone   Glyph = "phone"
	IconRefused Glyph = "refused"
	IconScan    Glyph = "scan"
	IconPicture Glyph = "picture"
	IconLink    Glyph = "link"
	IconPerson  Glyph = "person"
	IconChat    Glyph = "chat"
	IconUpload  Glyph = "upload"
	IconRoomy   Glyph = "roomy"
	IconDense   Glyph = "dense"
)

var drawings = map[Glyph]string{
	IconMenu:    `<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>`,
	IconSearch:  `<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3 3"/>`,
	IconMail:    `<rect x="2" y="3.5" width="12" height="9" rx="1"/><path d="m2.5 4.5 5.5 4.5 5.5-4.5"/>`,
	IconDown:    `<path d="m3.5 6 4.5 4.5L12.5 6"/>`,
	IconRight:   `<path d="m6 3.5 4.5 4.5L6 12.5"/>`,
	IconBack:    `<path d="M10 3.5 5.5 8l4.5 4.5"/>`,
	IconMoon:    `<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z"/>`,
	IconSun:     `<circle cx="8" cy="8" r="2.75"/><path d="M8 1.5v1.5M8 13v1.5M1.5 8h1.5M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1"/>`,
	IconCopy:    `<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>`,
	IconCheck:   `<path d="m3 8.5 3.5 3.5L13 4.5"/>`,
	IconCross:   `<path d="m4 4 8 8M12 4l-8 8"/>`,
	IconDash:    `<path d="M4 8h8"/>`,
	IconWarn:    `<path d="M8 2.5 14.5 13.5h-13z"/><path d="M8 6.5v3.5M8 11.8v.1"/>`,
	IconInfo:    `<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.5M8 5v.1"/>`,
	IconClock:   `<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3l2 1.5"/>`,
	IconPhone:   `<rect x="4.5" y="1.5" width="7" height="13" rx="1.5"/><path d="M7 12.5h2"/>`,
	IconRefused: `<circle cx="8" cy="8" r="5.5"/><path d="m4.2 4.2 7.6 7.6"/>`,
	IconScan:    `<path d="M2.5 5.5v-2a1 1 0 0 1 1-1h2M10.5 2.5h2a1 1 0 0 1 1 1v2M13.5 10.5v2a1 1 0 0 1-1 1h-2M5.5 13.5h-2a1 1 0 0 1-1-1v-2M2.5 8h11"/>`,
	IconPicture: `<rect x="2" y="3" width="12" height="10" rx="1"/><circle cx="5.5" cy="6.5" r="1"/><path d="m2.5 12 3.5-3.5 2.5 2.5 2-2 3 3"/>`,
	IconLink:    `<path d="M6.5 9.5 9.5 6.5M7 4.5 8.5 3a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7"/>`,
	IconPerson:  `<circle cx="8" cy="5.5" r="2.75"/><path d="M2.75 13.5a5.25 4.5 0 0 1 10.5 0"/>`,
	IconChat:    `<path d="M2.5 3.5h11v7.5h-6l-3 2.5v-2.5h-2z"/>`,
	IconUpload:  `<path d="M8 10.5v-7M5 6l3-3 3 3M3 10.5v2.5h10v-2.5"/>`,
	IconRoomy:   `<path d="M2.5 4h11M2.5 12h11"/>`,
	IconDense:   `<path d="M2.5 3.5h11M2.5 6.5h11M2.5 9.5h11M2.5 12.5h11"/>`,
}
