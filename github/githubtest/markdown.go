package githubtest

import (
	"bytes"
	"html/template"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// renderer shows Markdown much as GitHub does. Raw HTML is left out, so that
// what a pull request brings stays text.
var renderer = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithHardWraps()))

// rawHTML is what the renderer puts in the place of the HTML that it leaves
// out.
var rawHTML = regexp.MustCompile(`<!-- raw HTML omitted -->\n?`)

func markdown(text string) (template.HTML, error) {
	var page bytes.Buffer
	if err := renderer.Convert([]byte(text), &page); err != nil {
		return "", err
	}
	return template.HTML(rawHTML.ReplaceAll(page.Bytes(), nil)), nil // the renderer has escaped it
}
