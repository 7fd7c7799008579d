package views

import (
	"context"
	"html"
	"strings"

	"zhanggui/internal/words"
)

// fileLook is how a signed text reads on a screen and on A4, without anything but itself.
const fileLook = `body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:15px/1.7 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1b211e;background:#fff}` +
	`h1{font-size:20px}table{border-collapse:collapse;width:100%;font-size:13px}th,td{border:1px solid #c9d0cc;padding:6px 10px;text-align:start;vertical-align:top;overflow-wrap:anywhere}` +
	`th{width:9rem;font-weight:400;color:#4b5550}pre{white-space:pre-wrap;font:inherit;border-top:1px solid #c9d0cc;padding-top:1rem}@page{size:A4;margin:20mm}`

// signedFile is a text with the facts about its signing, as one HTML file. The text stands in it byte for byte.
func signedFile(ctx context.Context, title, text string, facts [][2]string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"" + words.Lang(ctx) + "\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(title) +
		"</title><style>" + fileLook + "</style></head><body>\n<h1>" + html.EscapeString(title) + "</h1>\n<table>\n")
	for _, f := range facts {
		b.WriteString("<tr><th scope=\"row\">" + html.EscapeString(f[0]) + "</th><td>" + html.EscapeString(f[1]) + "</td></tr>\n")
	}
	b.WriteString("</table>\n<p>" + html.EscapeString(words.T(ctx, "products.file_note")) + "</p>\n<pre id=\"text\">")
	if strings.HasPrefix(text, "\n") {
		b.WriteByte('\n') // readers drop a first one
	}
	b.WriteString(html.EscapeString(text) + "</pre>\n</body></html>\n")
	return b.String()
}
