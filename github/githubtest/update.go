package githubtest

import "fmt"

// webFlow is the account in whose name GitHub commits.
const webFlow = "web-flow"

// UpdateBranch merges the base into the head of a pull request, as the button does.
// GitHub commits it and signs it, and the user who pressed the button is the
// author.
func (r *Repo) UpdateBranch(number int, user string) {
	defer r.s.scene()()
	r.s.account(webFlow, "User")
	p := r.pull(number)
	tree, err := r.git.mergedTree(p.Head, r.git.tip(p.BaseRef))
	if err != nil {
		panic(fmt.Sprintf("githubtest: update %s#%d: %v", r.Name, number, err))
	}
	message := fmt.Sprintf("Merge branch '%s' into %s", p.BaseRef, p.HeadRef)
	sha, err := r.git.commitTree(tree, message, user, webFlow, r.s.now(), p.Head, r.git.tip(p.BaseRef))
	if err != nil {
		panic(fmt.Sprintf("githubtest: update %s#%d: %v", r.Name, number, err))
	}
	before := r.git.tip(p.HeadRef)
	r.git.must("update-ref", "refs/heads/"+p.HeadRef, sha)
	r.pushed(p.HeadRef, before, user)
}

// verification is what GitHub says of a commit's signature. It signs its own
// commits, and nobody else does here.
func verification(g gitCommit) object {
	if g.committer != webFlow+mailDomain {
		return object{
			"verified": false, "reason": "unsigned", "payload": nil, "signature": nil, "verified_at": nil,
		}
	}
	return object{
		"verified": true, "reason": "valid", "payload": "tree", "signature": "signature",
		"verified_at": stamp(g.at),
	}
}
