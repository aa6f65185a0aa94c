package tree

import (
	"bytes"
	"unicode/utf8"
)

// columns converts the YAML library's columns, which count runes, to columns
// that count bytes. The zero value is for ASCII files, where they are equal.
type columns struct {
	lines [][]byte
	marks map[int][]int // by line: the byte at which every stride-th rune begins
}

// stride is short enough to scan quickly, and long enough that a file on a
// single line needs few marks.
const stride = 64

func newColumns(data []byte) columns {
	if isASCII(data) {
		return columns{}
	}
	return columns{lines: bytes.Split(data, []byte("\n")), marks: map[int][]int{}}
}

func isASCII(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (c columns) inBytes(line, column int) int {
	if line < 1 || line > len(c.lines) || column < 1 {
		return column
	}
	runes := column - 1
	if runes < stride && runes <= len(c.lines[line-1]) && isASCII(c.lines[line-1][:runes]) {
		return column
	}
	marks := c.marksOf(line)
	if runes/stride >= len(marks) {
		return len(c.lines[line-1]) + 1
	}
	at := marks[runes/stride]
	for range runes % stride {
		_, size := utf8.DecodeRune(c.lines[line-1][at:])
		at += size
	}
	return at + 1
}

func (c columns) marksOf(line int) []int {
	if marks, ok := c.marks[line]; ok {
		return marks
	}
	var marks []int
	runes := 0
	for at := 0; at <= len(c.lines[line-1]); {
		if runes%stride == 0 {
			marks = append(marks, at)
		}
		_, size := utf8.DecodeRune(c.lines[line-1][at:])
		at += max(size, 1)
		runes++
	}
	c.marks[line] = marks
	return marks
}
