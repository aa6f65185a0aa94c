package checks

import (
	"strings"
	"unicode/utf8"
)

// joiner breaks up what GitHub would turn into a mention or a link, and is not
// seen (U+2060).
const joiner = "\u2060"

var markdown = strings.NewReplacer(
	"\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "|", "\\|", "~", "\\~", "!", "\\!",
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@"+joiner, "#", "#"+joiner, "://", ":"+joiner+"//", "\n", " ", "\r", " ",
)

// escape makes text from a contract or a person harmless in Markdown: it is
// shown as it is, and mentions and links nobody.
func escape(s string) string { return markdown.Replace(s) }

// code shows text in a code span, where neither Markdown nor mentions work.
func code(s string) string {
	s = strings.NewReplacer("\n", " ", "\r", " ", "|", "¦").Replace(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(s, " ") || s == "" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// cut shortens a text to so many bytes, and says so.
func cut(s string, most int) string {
	const note = "\n… (cut)"
	if len(s) <= most {
		return s
	}
	end := most - len(note)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + note
}
