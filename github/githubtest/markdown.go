package githubtest

import (
	"bytes"
	"html/template"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// renderer shows Markdown much as GitHub does. It leaves out raw HTML, so that
// text from a pull request stays text.
var renderer = goldmark.New(goldmark.WithExtensions(extension.GFM),
	goldmark.WithRendererOptions(html.WithHardWraps()))

// rawHTML matches the text that the renderer writes in place of raw HTML.
var rawHTML = regexp.MustCompile(`<!-- raw HTML omitted -->\n?`)

func markdown(text string) (template.HTML, error) {
	var page bytes.Buffer
	if err := renderer.Convert([]byte(text), &page); err != nil {
		return "", err
	}
	return template.HTML(rawHTML.ReplaceAll(page.Bytes(), nil)), nil // the renderer has escaped it
}
