package contracts

import (
	"context"
	"time"

	"github.com/assent-dev/assent/diff"
)

// validationTime is how long a format may take to validate a contract.
const validationTime = 10 * time.Second

// newComplaints returns what is wrong with the new revision by the specification
// of its format and was not with the old one.
func newComplaints(ctx context.Context, format *diff.Format, old, new diff.Source) ([]diff.Fact, error) {
	if format.Validate == nil || new.Absent() {
		return nil, nil
	}
	found, err := complaints(ctx, format, new)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	known := map[string]int{}
	if !old.Absent() {
		earlier, err := complaints(ctx, format, old)
		if err != nil {
			return nil, err
		}
		for _, c := range earlier {
			known[c.Text]++
		}
	}
	var facts []diff.Fact
	for _, c := range found {
		if known[c.Text]--; c.Text == "" || known[c.Text] < 0 {
			facts = append(facts, c.Fact)
		}
	}
	return facts, nil
}

// complaints validates one revision. Validating never stands in the way: if it
// panics or takes too long, there are no complaints. The error is that of the
// context, or of reading.
func complaints(ctx context.Context, format *diff.Format, s diff.Source) ([]diff.Complaint, error) {
	type answer struct {
		found []diff.Complaint
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		// A panic is a bug of the validator, and no complaint.
		a, _ := guarded(func() (answer, error) {
			found, err := format.Validate(ctx, s)
			return answer{found, err}, nil
		})
		answers <- a
	}()
	timer := time.NewTimer(validationTime)
	defer timer.Stop()
	select {
	case a := <-answers:
		return a.found, a.err
	case <-timer.C:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
