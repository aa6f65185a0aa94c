package config

import (
	"strings"

	"github.com/hmarr/codeowners"
)

// ruleIndex finds the last rule that selects a file without trying all: there may
// be ten thousand rules and as many files.
type ruleIndex struct {
	rules codeowners.Ruleset
	// byPart has the rules whose patterns have a part without wildcards, by the last
	// such part: only files below a folder of that name, or of that name, are selected.
	byPart map[string][]int
	others []wildRule
}

// wildRule is a rule without such a part.
type wildRule struct {
	index   int
	literal string // what a file's path has to contain; "" for anything
}

func indexRules(rules codeowners.Ruleset) *ruleIndex {
	x := &ruleIndex{rules: rules, byPart: map[string][]int{}}
	for i := range rules {
		pattern := rules[i].RawPattern()
		if part := lastPlainPart(pattern); part != "" {
			x.byPart[part] = append(x.byPart[part], i)
		} else {
			x.others = append(x.others, wildRule{i, longestLiteral(pattern)})
		}
	}
	return x
}

func lastPlainPart(pattern string) (last string) {
	for part := range strings.SplitSeq(pattern, "/") {
		if part != "" && !strings.ContainsAny(part, `*?\`) {
			last = part
		}
	}
	return last
}

func longestLiteral(pattern string) (longest string) {
	isWild := func(r rune) bool { return strings.ContainsRune(`*?\/`, r) }
	for literal := range strings.FieldsFuncSeq(pattern, isWild) {
		if len(literal) > len(longest) {
			longest = literal
		}
	}
	return longest
}

// last returns the last rule that selects a file, nil if none does.
func (x *ruleIndex) last(file string) *codeowners.Rule {
	found := -1
	for part := range strings.SplitSeq(file, "/") {
		all := x.byPart[part]
		for i := len(all) - 1; i >= 0 && all[i] > found; i-- {
			if x.selects(all[i], file) {
				found = all[i]
			}
		}
	}
	for i := len(x.others) - 1; i >= 0 && x.others[i].index > found; i-- {
		rule := x.others[i]
		if strings.Contains(file, rule.literal) && x.selects(rule.index, file) {
			found = rule.index
		}
	}
	if found < 0 {
		return nil
	}
	return &x.rules[found]
}

func (x *ruleIndex) selects(rule int, file string) bool {
	selected, err := x.rules[rule].Match(file)
	return selected && err == nil
}
