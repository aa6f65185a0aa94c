package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	readerFile = "events/billing.avsc"
	reads      = `{
  "type": "record", "name": "acme.Trade", "fields": [{"name": "price", "type": "double"}]
}
`
)

// ownerless is the shop whose contracts name no owners, with code owners.
func ownerless(t *testing.T, codeOwners string) map[string]string {
	owners := "    owners: [acme/orders]\n"
	return with(shop(), map[string]string{
		configFile:   edit(t, settings, owners, "", owners, ""),
		"CODEOWNERS": codeOwners,
	})
}

// A pull request that takes protection away is asked of those who lose it, also
// where it changes no contract. What protects more or says the same is asked of
// nobody.
func TestLooseningIsAChange(t *testing.T) {
	policy := func(text string) map[string]string { return map[string]string{configFile: text} }
	adding := func(text string) map[string]string { return policy(settings + text + "\n") }
	replacing := func(pairs ...string) map[string]string { return policy(edit(t, settings, pairs...)) }
	codeOwners := func(text string) map[string]string { return map[string]string{"CODEOWNERS": text} }
	const (
		mobile = "  - team: acme/mobile\n    contract: orders\n" +
			"    uses: [\"GET /orders/{id} reads status, total\"]\n"
		passing = "version: 1\ncontracts: [{path: api/orders.yaml, owners: [acme/orders]}]\n" +
			"approvals: {unclaimed: pass}\n"
		everything = "ignore: [{subject: '**', reason: because}]"
		levels     = "response-required-property-removed info\nrequest-property-removed info\n"
	)
	withReader := edit(t, settings, `    uses: ["acme.Trade reads price"]`, "    reader: "+readerFile)
	withLevels := with(shop(), adding("oasdiff: {severity-levels: levels.txt}"))
	withLevels["levels.txt"] = "# none\n"
	described := with(bare(), map[string]string{tradesContract: promise})
	both, owners, nobody := []string{"billing", "mobile"}, []string{"orders"}, []string{}
	for _, test := range []struct {
		name         string
		base, change map[string]string
		asked        []string
	}{
		{"everything is ignored", shop(), adding(everything), both},
		{"a rule is ignored", shop(), adding("ignore: [{rule: schema/property-removed, reason: x}]"), both},
		{"unclaimed changes pass", shop(), adding("approvals: {unclaimed: pass}"), owners},
		{"no impact counts", shop(), adding("approvals: {required-from: []}"), both},
		{"authors approve", shop(), adding("approvals: {self-approval: true}"), both},
		{"a rule is milder", shop(), adding("rules: {schema/property-removed: risky}"), both},
		{"a consumer is deleted", shop(), replacing(mobile, ""), []string{"mobile"}},
		{"a use is narrowed", shop(), replacing("reads status, total", "reads total"), []string{"mobile"}},
		{
			"no compatibility", shop(),
			replacing("orders.yaml\n", "orders.yaml\n    compatibility: none\n"),
			both,
		},
		{"other owners", shop(), replacing("owners: [acme/orders]", "owners: [acme/mobile]"), owners},
		{
			"in progress", shop(),
			replacing("orders.yaml\n", "orders.yaml\n    in-progress: ['GET /**']\n"),
			both,
		},
		{
			"a reader's schema", with(shop(), map[string]string{configFile: withReader, readerFile: reads}),
			map[string]string{readerFile: edit(t, reads, "price", "venue")}, []string{"billing"},
		},
		{"code owners", ownerless(t, "* @acme/orders\n"), codeOwners("* @acme/mobile\n"), owners},
		{
			"code owners without a configuration",
			with(bare(), codeOwners("* @acme/orders\n")), codeOwners("* @acme/mobile\n"), owners,
		},
		{
			"the team of a data contract", described,
			map[string]string{tradesContract: edit(t, promise, "acme/billing", "acme/mobile")},
			[]string{"billing"},
		},
		{"levels of oasdiff's", withLevels, map[string]string{"levels.txt": levels}, both},
		{
			"although unclaimed changes pass", with(shop(), policy(passing)),
			policy(passing + everything + "\n"), owners,
		},
		{"a consumer is added", shop(), adding("  - {team: acme/analytics, contract: orders}"), nobody},
		{"more must agree", shop(), adding("approvals: {per-team: 2}"), nobody},
		{
			"other words", shop(),
			replacing("version: 1", "# Ours\nversion: 1", "status, total", "total, status"),
			nobody,
		},
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

// What the base branch tightened after a pull request began is not the pull
// request's loosening; what the pull request loosens itself is, whatever the base
// branch changed meanwhile.
func TestPolicyTightenedMeanwhile(t *testing.T) {
	early := edit(t, settings, "reads status, total", "reads total")
	s := begin(t, with(shop(), map[string]string{configFile: early}))
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
	s.wants(open(map[string]string{configFile: "# Ours\n" + early}), "success", "No contract changed")
	loosened := open(map[string]string{configFile: early + "approvals: {self-approval: true}\n"})
	run := s.wants(loosened, "action_required", "1 change needs approval by acme/mobile, acme/billing")
	if strings.Contains(run.Summary, "reads status") {
		t.Errorf("the pull request is accused of what the base branch changed: %s", run.Summary)
	}
}

// Where the configuration of the base branch cannot be read, the last one that can
// be decides, never the head's. Who mends it needs the owners.
func TestUnreadablePolicy(t *testing.T) {
	const broken = "version: 2\n"
	const lax = "version: 1\napprovals: {required-from: [], unclaimed: pass, self-approval: true}\n" +
		"rules: {schema/property-removed: safe}\n"
	mending := map[string]string{configFile: settings}
	breaking := func(configuration string) map[string]string {
		return with(without(t, status), map[string]string{configFile: configuration})
	}
	mended := []string{"config/mended"}
	loosened := []string{
		"config/mended", "config/impact-dropped", "config/unclaimed-loosened",
		"config/self-approval-allowed", "config/rule-lowered",
	}
	owned := with(shop(), map[string]string{"CODEOWNERS": "/.github/ @acme/orders\n"})
	const one, two = "1 change needs approval by ", "2 changes need approval by "
	for _, test := range []struct {
		name         string
		base, change map[string]string
		who          string
		findings     []string
	}{
		{"unmended", shop(), without(t, status), one + "acme/mobile", nil},
		{"mended", shop(), mending, one + "anyone with write access", mended},
		{"mended, with code owners", owned, mending, one + "acme/orders", mended},
		{
			"mended, and breaking", shop(), breaking(settings),
			two + "acme/mobile, anyone with write access", mended,
		},
		{"lax", shop(), breaking(lax), "acme/mobile", loosened},
		{
			"never readable", with(shop(), map[string]string{configFile: broken}),
			breaking(lax), two + "anyone with write access", mended,
		},
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
			for _, words := range append(test.findings,
				"The configuration on the base branch cannot be read") {
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
