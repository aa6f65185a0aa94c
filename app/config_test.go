package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A mistake in the head's configuration is annotated on its line.
func TestMistakesInTheConfiguration(t *testing.T) {
	for _, test := range []struct{ name, file, words, message string }{
		{"unknown key", settings + "colour: blue\n", "colour", "colour"},
		{"bad value", settings + "approvals: {unclaimed: perhaps}\n", "perhaps", "want owners, fail or pass"},
		{
			"unknown rule", settings + "rules: {schema/nonsense: safe}\n", "nonsense",
			"no rule schema/nonsense",
		},
		{
			"unknown team", edit(t, settings, "acme/mobile", "acme/mobil"), "acme/mobil\n",
			"there is no team acme/mobil",
		},
		{
			"unknown owner",
			edit(t, settings, "owners: [acme/orders]", "owners: [acme/nobody]"),
			"- name: orders", "there is no team acme/nobody",
		},
		{
			"path to nothing", edit(t, settings, "api/orders.yaml", "api/nothing.yaml"),
			"- name: orders", "no file matches api/nothing.yaml",
		},
		{
			"compatibility that is none",
			edit(t, settings, "compatibility: forward", "compatibility: sideways"),
			"- name: trades", "sideways",
		},
		{"no YAML", settings + "approvals: ]\n", "approvals: ]", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, shop())
			changed := test.file
			// a policy's own mistake shows once a contract changes
			if test.name == "compatibility that is none" {
				s.repo.Commit("main", "policy", "oscar", map[string]string{configFile: changed})
			}
			pull := s.open(map[string]string{configFile: changed, tradesFile: trades + "\n"})
			run := s.wants(pull, "failure", "keep")
			found := false
			for _, a := range run.Annotations {
				found = found || a.Path == configFile && a.StartLine == line(t, changed,
					test.words) && strings.Contains(a.Message, test.message)
			}
			if !found {
				t.Errorf("no annotation at line %d says %q: %+v", line(t, changed, test.words), test.message,
					run.Annotations)
			}
		})
	}
}

// Policy is what the base branch says: a pull request that changes it is judged
// by what it was.
func TestPullRequestCannotExcuseItself(t *testing.T) {
	none := edit(t, settings, `  - team: acme/mobile
    contract: orders
    uses: ["GET /orders/{id} reads status, total"]
`, "")
	for name, file := range map[string]string{
		"an exception": settings +
			"ignore: [{rule: schema/property-removed, reason: because}, {subject: '**', reason: because}]\n",
		"a milder level":  settings + "rules: {schema/property-removed: safe}\n",
		"a consumer less": none,
		"another owner":   edit(t, settings, "acme/mobile", "acme/orders"),
		"no compatibility": edit(t, settings, "    path: api/orders.yaml\n",
			"    path: api/orders.yaml\n    compatibility: none\n"),
		"in progress": edit(t, settings, "    path: api/orders.yaml\n",
			"    path: api/orders.yaml\n    in-progress: ['GET /orders/{id}']\n"),
		"nobody asked": settings + "approvals: {required-from: [], unclaimed: pass}\n",
		"another name": edit(t, settings, "name: orders", "name: other", "contract: orders",
			"contract: other", "contract: orders", "contract: other"),
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, shop())
			pull := s.open(with(without(t, status), map[string]string{configFile: file}))
			run := s.wants(pull, "action_required", "approval by acme/mobile")
			if !strings.Contains(run.Summary, "the property was removed") {
				t.Errorf("the contract is not judged by the base: %s", run.Summary)
			}
		})
	}
}

// A contract is gone when its file is. One that is only taken off the list is
// compared all the same, and that nobody is to watch over it any more is a
// change of its own.
func TestRemovedContract(t *testing.T) {
	entry := "  - name: trades\n    path: events/trade.avsc\n    compatibility: forward\n    owners: " +
		"[acme/orders]\n"
	user := "  - team: acme/billing\n    contract: trades\n    uses: [\"acme.Trade reads price\"]\n"
	unlisted := edit(t, settings, entry, "", user, "")
	for _, test := range []struct {
		name    string
		change  map[string]string
		deletes []string
		title   string
		found   []string
	}{
		{
			"file and entry", map[string]string{configFile: unlisted}, []string{tradesFile},
			"1 change needs approval by acme/billing", []string{"contract/removed"},
		},
		{
			"entry alone", map[string]string{configFile: unlisted}, nil,
			"1 change needs approval by acme/billing", []string{"config/contract-unlisted"},
		},
		{
			"entry, and the file is changed",
			map[string]string{configFile: unlisted, tradesFile: edit(t, trades, "price", "cost")}, nil,
			"2 changes need approval by acme/billing",
			[]string{"config/contract-unlisted", "avro/field-removed-without-default"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, shop())
			pull := s.open(test.change, test.deletes...)
			run := s.wants(pull, "action_required", test.title)
			for _, rule := range test.found {
				if !strings.Contains(run.Summary, rule) {
					t.Errorf("%s is not in the summary: %s", rule, run.Summary)
				}
			}
		})
	}
	t.Run("the whole configuration", func(t *testing.T) {
		s := begin(t, shop())
		pull := s.open(nil, configFile)
		s.wants(pull, "action_required", "6 changes need approval by acme/orders, acme/mobile, acme/billing")
	})
}

// A branch that began before a contract was listed takes nothing off the list.
func TestContractListedAfterTheBranchBegan(t *testing.T) {
	s := begin(t, with(bare(),
		map[string]string{configFile: "version: 1\ncontracts: [{name: trades, path: events/trade.avsc}]\n"}))
	s.repo.Commit("work", "change", "olivia", without(t, status))
	s.repo.Push("main", "list it", "oscar", map[string]string{configFile: settings})
	late := s.openOn("main", map[string]string{"README.md": "# Shop 2\n"})
	s.wants(late, "success", "No contract changed")
	s.repo.Commit("work", "and the list", "olivia",
		map[string]string{configFile: "# Ours\nversion: 1\ncontracts: [{name: trades, path: " +
			"events/trade.avsc}]\n"})
	pull := s.repo.OpenPull(pullOf("work"))
	if run := s.wants(pull, "action_required",
		"1 change needs approval by acme/mobile"); strings.Contains(run.Summary, "the contract was removed") {
		t.Errorf("the branch is taken to unlist what it never saw: %s", run.Summary)
	}
}

func TestRenamedContract(t *testing.T) {
	const moved, both = "contracts/v1/orders.yaml", "2 changes need approval by acme/orders, acme/mobile"
	for _, test := range []struct {
		name   string
		base   map[string]string
		change map[string]string
		owner  string
		broken string
	}{
		{
			"with its entry", shop(),
			map[string]string{configFile: edit(t, settings, ordersFile, moved)},
			"acme/orders", both,
		},
		{
			"under a glob",
			with(shop(), map[string]string{configFile: edit(t, settings,
				"  - name: orders\n    path: api/orders.yaml\n", "  - path: '**/orders.yaml'\n",
				"contract: orders", "contract: api/orders", "contract: orders", "contract: api/orders")}),
			nil, "acme/orders", both,
		},
		{
			"unconfigured", bare(), nil, "anyone with write access",
			"2 changes need approval by anyone with write access",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, test.base)
			same := s.open(with(test.change, map[string]string{moved: orders}), ordersFile)
			run := s.wants(same, "action_required", "1 change needs approval by "+test.owner)
			if !strings.Contains(run.Summary, "the contract moved") {
				t.Errorf("the move is not followed: %s", run.Summary)
			}
			broken := s.open(with(test.change, map[string]string{moved: less(t, orders, status)}), ordersFile)
			run = s.wants(broken, "action_required", test.broken)
			if len(run.Annotations) != 2 || run.Annotations[0].Path != moved ||
				run.Annotations[1].Path != moved {
				t.Errorf("annotations: %v", marks(run))
			}
		})
	}
}

// What a contract refers to is part of it.
func TestReferencedFile(t *testing.T) {
	split := edit(t, orders, status, "        status:\n          $ref: '../shared/status.yaml#/Status'\n")
	files := map[string]string{
		ordersFile:           split,
		"shared/status.yaml": "Status:\n  type: string\n",
		"shared/other.yaml":  "type: string\n",
	}
	for name, base := range map[string]map[string]string{
		"configured":   with(shop(), files),
		"unconfigured": with(bare(), files),
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, base)
			unrelated := s.open(map[string]string{"shared/other.yaml": "type: integer\n"})
			s.wants(unrelated, "success", "No contract changed")
			pull := s.open(map[string]string{"shared/status.yaml": "Status:\n  type: integer\n"})
			run := s.wants(pull, "action_required", "1 change needs approval")
			want := []string{"shared/status.yaml:1"}
			if diff := cmp.Diff(want, places(run)); diff != "" {
				t.Errorf("annotations (-want +got):\n%s", diff)
			}
			s.wants(s.open(nil, "shared/status.yaml"), "failure", "")
		})
	}
}

func TestGlobMakesOneContractPerFile(t *testing.T) {
	globbed := edit(t, settings, "  - name: orders\n    path: api/orders.yaml\n",
		"  - path: 'api/**/*.yaml'\n", "contract: orders", "contract: api/orders", "contract: orders",
		"contract: api/v2/orders")
	s := begin(t, with(shop(), map[string]string{configFile: globbed, "api/v2/orders.yaml": orders}))
	first := s.open(map[string]string{"api/v2/orders.yaml": less(t, orders, total)})
	s.wants(first, "action_required", "1 change needs approval by acme/billing")
	second := s.open(map[string]string{
		"api/orders.yaml":    less(t, orders, total),
		"api/v3/orders.yaml": orders,
	})
	run := s.wants(second, "action_required", "1 change needs approval by acme/mobile")
	if !strings.Contains(run.Summary, "the contract is new") {
		t.Errorf("the new file is not a contract: %s", run.Summary)
	}
}

// A contract counts by its entry, whatever its file is called.
func TestContractWithoutAnExtension(t *testing.T) {
	file := "events/trade"
	listed := edit(t, settings, "    path: events/trade.avsc\n", "    path: events/trade\n    format: avro\n")
	s := begin(t, with(shop(), map[string]string{configFile: listed, file: trades}))
	pull := s.open(map[string]string{file: edit(t, trades, "price", "cost")})
	s.wants(pull, "action_required", "by acme/billing")
}
