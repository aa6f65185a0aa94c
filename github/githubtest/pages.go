package githubtest

import "net/http"

func (s *Server) page(w http.ResponseWriter, req *http.Request) { http.NotFound(w, req) }
