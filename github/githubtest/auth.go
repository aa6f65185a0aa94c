package githubtest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

type token struct {
	installation int64
	expires      time.Time
}

// RevokeTokens makes all installation tokens invalid at once.
func (s *Server) RevokeTokens() {
	defer s.scene()()
	clear(s.tokens)
}

// authenticate finds out who calls: the App itself, or one of its
// installations.
func (s *Server) authenticate(c *call) (refusal answer, ok bool) {
	kind, secret, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if c.route.permission == asApp {
		if err := s.verifyJWT(secret); !strings.EqualFold(kind, "Bearer") || err != nil {
			return refuse(http.StatusUnauthorized, "A JSON web token could not be decoded"), false
		}
		return answer{}, true
	}
	t, known := s.tokens[secret]
	if !known || !t.expires.After(s.now()) {
		return refuse(http.StatusUnauthorized, "Bad credentials"), false
	}
	c.installation = t.installation
	if !s.granted(c.route.permission) {
		r := refuse(http.StatusForbidden, "Resource not accessible by integration")
		r.header = http.Header{"X-Accepted-Github-Permissions": {strings.ReplaceAll(c.route.permission, ":",
			"=")}}
		return r, false
	}
	return answer{}, true
}

// verifyJWT uses the real time, because clients sign with it. The clock of the
// options only applies to tokens.
func (s *Server) verifyJWT(signed string) error {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(signed, &claims, func(*jwt.Token) (any, error) { return s.public, nil },
		jwt.WithValidMethods([]string{"RS256"}))
	switch {
	case err != nil:
		return err
	case claims.Issuer != strconv.FormatInt(s.AppID, 10):
		return fmt.Errorf("issuer %q", claims.Issuer)
	case claims.ExpiresAt == nil || claims.IssuedAt == nil ||
		claims.ExpiresAt.Sub(claims.IssuedAt.Time) > 10*time.Minute:
		return fmt.Errorf("valid for more than ten minutes")
	}
	return nil
}

// granted reports whether the App has a permission, such as
// "pull_requests:write", or one of several: "issues:write|pull_requests:write".
func (s *Server) granted(permission string) bool {
	for one := range strings.SplitSeq(permission, "|") {
		name, level, _ := strings.Cut(one, ":")
		if has := s.opts.Permissions[name]; has == "write" || has != "" && has == level ||
			name == "metadata" {
			return true
		}
	}
	return false
}

func (s *Server) createToken(c *call) answer {
	id, _ := strconv.ParseInt(c.PathValue("installation_id"), 10, 64)
	var owner *account
	for _, a := range s.accounts {
		if a.installation == id {
			owner = a
		}
	}
	if owner == nil {
		return refuse(http.StatusNotFound, "Not Found")
	}
	// GitHub's tokens have this length since 2026: nobody may rely on 40
	// characters.
	secret := fmt.Sprintf("ghs_%d_%s", s.AppID, strings.Repeat(rand.Text(), 8))
	expires := s.now().Add(time.Hour)
	s.tokens[secret] = token{installation: id, expires: expires}
	return created(object{
		"token":                secret,
		"expires_at":           stamp(expires),
		"permissions":          s.opts.Permissions,
		"repository_selection": "all",
	})
}

func (s *Server) readApp(*call) answer {
	return found(s.appJSON())
}
