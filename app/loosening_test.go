package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	readerFile = "events/billing.avsc"
	reads      = `{"type": "record", "name": "acme.Trade", "fields": [{"name": "price", "type": "double"}]}` + "\n"
)

// ownerless is the shop whose contracts name no owners, with code owners.
func ownerless(t *testing.T, codeOwners string) map[string]string {
	owners := "    owners: [acme/orders]\n"
	return with(shop(), map[string]string{configFile: edit(t, settings, owners, "", owners, ""), "CODEOWNERS": codeOwners})
}

// A pull request that takes protection away is asked of those who lose it, also where it changes no contract. What
// protects more or says the same is asked of nobody.
func TestLooseningIsAChange(t *testing.T) {
	policy := func(text string) map[string]string { return map[string]string{configFile: text} }
	mobile := "  - team: acme/mobile\n    contract: orders\n    uses: [\"GET /orders/{id} reads status, total\"]\n"
	withReader := edit(t, settings, `    uses: ["acme.Trade reads price"]`, "    reader: "+readerFile)
	everybody := []string{"billing", "mobile"}
	owners := []string{"orders"}
	const passing = "version: 1\ncontracts: [{path: api/orders.yaml, owners: [acme/orders]}]\napprovals: {unclaimed: pass}\n"
	const levels = "response-required-property-removed info\nrequest-property-removed info\n"
	for _, test := range []struct {
		name   string
		base   map[string]string
		change map[string]string
		asked  []string
	}{
		{"everything is ignored", shop(), policy(settings + "ignore: [{subject: '**', reason: because}]\n"), everybody},
		{"an exception on one rule", shop(), policy(settings + "ignore: [{rule: schema/property-removed, reason: x}]\n"), everybody},
		{"unclaimed changes pass", shop(), policy(settings + "approvals: {unclaimed: pass}\n"), owners},
		{"no impact counts", shop(), policy(settings + "approvals: {required-from: []}\n"), everybody},
		{"authors approve", shop(), policy(settings + "approvals: {self-approval: true}\n"), everybody},
		{"a rule is milder", shop(), policy(settings + "rules: {schema/property-removed: risky}\n"), everybody},
		{"a consumer is deleted", shop(), policy(edit(t, settings, mobile, "")), []string{"mobile"}},
		{"a use is narrowed", shop(), policy(edit(t, settings, "reads status, total", "reads total")), []string{"mobile"}},
		{"no compatibility", shop(), policy(edit(t, settings, "orders.yaml\n", "orders.yaml\n    compatibility: none\n")), everybody},
		{"other owners", shop(), policy(edit(t, settings, "owners: [acme/orders]", "owners: [acme/mobile]")), owners},
		{"in progress", shop(), policy(edit(t, settings, "orders.yaml\n", "orders.yaml\n    in-progress: ['GET /**']\n")), everybody},
		{
			"a reader's schema", with(shop(), map[string]string{configFile: withReader, readerFile: reads}),
			map[string]string{readerFile: strings.Replace(reads, "price", "venue", 1)}, []string{"billing"},
		},
		{"code owners", ownerless(t, "* @acme/orders\n"), map[string]string{"CODEOWNERS": "* @acme/mobile\n"}, owners},
		{
			"code owners without a configuration", with(bare(), map[string]string{"CODEOWNERS": "* @acme/orders\n"}),
			map[string]string{"CODEOWNERS": "* @acme/mobile\n"}, owners,
		},
		{
			"the team of a data contract", with(bare(), map[string]string{tradesContract: promise}),
			map[string]string{tradesContract: edit(t, promise, "acme/billing", "acme/mobile")}, []string{"billing"},
		},
		{
			"levels of oasdiff's",
			with(shop(), map[string]string{configFile: settings + "oasdiff: {severity-levels: levels.txt}\n", "levels.txt": "# none\n"}),
			map[string]string{"levels.txt": levels}, everybody,
		},
		{
			"although unclaimed changes pass", with(shop(), policy(passing)),
			policy(passing + "ignore: [{subject: '**', reason: because}]\n"), owners,
		},
		{"a consumer is added", shop(), policy(settings + "  - {team: acme/analytics, contract: orders}\n"), []string{}},
		{"more must agree", shop(), policy(settings + "approvals: {per-team: 2}\n"), []string{}},
		{"other words", shop(), policy("# Ours\n" + edit(t, settings, "reads status, total", "reads total, status")), []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, test.base)
			pull := s.open(test.change)
			conclusion := "action_required"
			if len(test.asked) == 0 {
				conclusion = "success"
			}
			run := s.wants(pull, conclusion, "")
			s.idle()
			if d := cmp.Diff(test.asked, s.asked(pull)); d != "" {
				t.Errorf("asked (-want +got):\n%s\n%s", d, run.Summary)
			}
		})
	}
}

// Once those agree whom the old policy protected, it may be loosened.
func TestAgreedLoosening(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{configFile: edit(t, settings, "reads status, total", "reads total")})
	run := s.wants(pull, "action_required", "1 change needs approval by acme/mobile")
	want := []string{configFile + ":13: failure: use no longer registered [config/use-narrowed]"}
	if d := cmp.Diff(want, marks(run)); d != "" {
		t.Errorf("annotations (-want +got):\n%s", d)
	}
	s.approve(pull, "bert")
	s.wants(pull, "action_required", "1 change needs approval by acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "1 change approved")
}

// What the base branch tightened after a pull request began is not the pull request's loosening; what the pull
// request loosens itself is, whatever the base branch changed meanwhile.
func TestPolicyTightenedMeanwhile(t *testing.T) {
	s := begin(t, with(shop(), map[string]string{configFile: edit(t, settings, "GET /orders/{id} reads status, total", "GET /orders/{id} reads total")}))
	began := s.repo.Branch("main")
	s.repo.Push("main", "mobile reads status", "oscar", map[string]string{configFile: settings})
	open := func(files map[string]string) int {
		s.branches++
		branch := "early-" + strings.Repeat("x", s.branches)
		s.repo.Commit(branch, "a branch", "oscar", nil)
		s.repo.Reset(branch, began, "oscar")
		s.repo.Commit(branch, "a change", "olivia", files)
		return s.repo.OpenPull(pullOf(branch))
	}
	early := edit(t, settings, "GET /orders/{id} reads status, total", "GET /orders/{id} reads total")
	s.wants(open(map[string]string{configFile: "# Ours\n" + early}), "success", "No contract changed")
	loosened := open(map[string]string{configFile: early + "approvals: {self-approval: true}\n"})
	run := s.wants(loosened, "action_required", "1 change needs approval by acme/mobile, acme/billing")
	if strings.Contains(run.Summary, "reads status") {
		t.Errorf("the pull request is accused of what the base branch changed: %s", run.Summary)
	}
}

// Where the configuration of the base branch cannot be read, the last one that can be decides, never the head's. Who
// mends it needs the owners.
func TestUnreadablePolicy(t *testing.T) {
	const broken = "version: 2\n"
	const lax = "version: 1\napprovals: {required-from: [], unclaimed: pass, self-approval: true}\nrules: {schema/property-removed: safe}\n"
	breaking := func(configuration string) map[string]string {
		return with(without(t, status), map[string]string{configFile: configuration})
	}
	for _, test := range []struct {
		name     string
		base     map[string]string
		change   map[string]string
		who      string
		findings []string
	}{
		{"unmended", shop(), without(t, status), "1 change needs approval by acme/mobile", nil},
		{"mended", shop(), map[string]string{configFile: settings}, "1 change needs approval by anyone with write access", []string{"config/mended"}},
		{
			"mended, with code owners", with(shop(), map[string]string{"CODEOWNERS": "/.github/ @acme/orders\n"}),
			map[string]string{configFile: settings}, "1 change needs approval by acme/orders", []string{"config/mended"},
		},
		{"mended, and breaking", shop(), breaking(settings), "2 changes need approval by acme/mobile, anyone with write access", []string{"config/mended"}},
		{
			"lax", shop(), breaking(lax), "acme/mobile",
			[]string{"config/mended", "config/impact-dropped", "config/unclaimed-loosened", "config/self-approval-allowed", "config/rule-lowered"},
		},
		{"never readable", with(shop(), map[string]string{configFile: broken}), breaking(lax), "2 changes need approval by anyone with write access", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, test.base)
			if test.base[configFile] != broken {
				s.repo.Push("main", "a mistake", "oscar", map[string]string{configFile: broken})
			}
			s.repo.Push("main", "something else", "oscar", map[string]string{"README.md": "# The shop\n"})
			pull := s.openOn("main", nil)
			s.push(pull, test.change)
			run := s.wants(pull, "action_required", test.who)
			for _, words := range append(test.findings, "The configuration on the base branch cannot be read") {
				if !strings.Contains(run.Summary, words) {
					t.Errorf("the summary does not say %q: %s", words, run.Summary)
				}
			}
		})
	}
}

// Whoever deletes a file that the configuration names breaks the configuration.
func TestDeletedFileOfThePolicy(t *testing.T) {
	named := settings + "oasdiff: {severity-levels: levels.txt}\n"
	s := begin(t, with(shop(), map[string]string{configFile: named, "levels.txt": "# none\n"}))
	run := s.wants(s.open(nil, "levels.txt"), "failure", "1 mistake")
	want := []string{configFile + ":20: failure: cannot be read"}
	if d := cmp.Diff(want, marks(run)); d != "" {
		t.Errorf("annotations (-want +got):\n%s", d)
	}
}
