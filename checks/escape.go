package checks

import (
	"strings"
	"unicode/utf8"
)

// joiner breaks up what GitHub would turn into a mention or a link, and is not
// seen (U+2060).
const joiner = "\u2060"

var markdownEscapes = strings.NewReplacer(
	"\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "|", "\\|", "~", "\\~", "!", "\\!",
	"$", "\\$", "<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@"+joiner, "#", "#"+joiner, "GH-", "GH"+joiner+"-", "gh-", "gh"+joiner+"-",
	"://", ":"+joiner+"//", "www.", "www"+joiner+".", "\n", " ", "\r", " ",
)

// maxPhrase is how many bytes of a subject or message a summary shows: a line
// of it stays shorter than what cutLines keeps.
const maxPhrase = 1000

// escape makes text from a contract or a person harmless in Markdown: it is
// shown as it is, and mentions and links nobody.
func escape(s string) string { return markdownEscapes.Replace(cut(s, maxPhrase)) }

// cell is code for a table, where a pipe ends the cell even in a code span.
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

// cutNote ends a text that was cut.
const cutNote = "\n… (cut)"

// cut shortens a text to so many bytes, and says so.
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

// cutLines shortens Markdown to so many bytes. It cuts between lines: half a
// code span would no longer keep its text from mentioning people.
func cutLines(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:strings.LastIndexByte(s[:most-len(cutNote)], '\n')+1] + cutNote
}
