package checks

import (
	"strings"
	"unicode/utf8"
)

// joiner is an invisible character (U+2060). It breaks up text that GitHub
// would turn into a mention or a link.
const joiner = "\u2060"

var markdownEscapes = strings.NewReplacer(
	"\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "|", "\\|", "~", "\\~", "!",
	"\\!",
	"$", "\\$", "<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@"+joiner, "#", "#"+joiner, "GH-",
	"GH"+joiner+"-", "gh-", "gh"+joiner+"-",
	"://", ":"+joiner+"//", "www.", "www"+joiner+".", "\n", " ", "\r", " ",
)

// maxPhrase bounds the bytes of a subject or message in a summary. Escaping makes
// them at most five times as long, so that several items have room in a text.
const maxPhrase = 1000

// escape prepares text from a contract or a person for Markdown: GitHub shows
// it literally, without mentions or links.
func escape(s string) string { return markdownEscapes.Replace(cut(s, maxPhrase)) }

// cell shows text in a code span within a table, where a pipe would end the
// cell.
func cell(s string) string { return strings.ReplaceAll(code(s), "|", "\\|") }

// code shows text in a code span, where neither Markdown nor mentions work.
func code(s string) string {
	s = strings.NewReplacer("\n", " ", "\r", " ").Replace(cut(s, maxPhrase))
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(s, " ") || s == "" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// cutNote is the end of a text that was cut.
const cutNote = "\n… (cut)"

// cut shortens a text to a number of bytes, including a note that it was cut.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most - len(cutNote)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + cutNote
}
