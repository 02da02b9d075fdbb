// Package godebug has the functions of Go's package internal/godebug, for a page, which has no GODEBUG: all settings have
// their defaults. In the module of a page it takes the place of Go's, which leads to the metrics of the runtime: that is
// 3 % of the module.
package godebug

// A Setting has its default.
type Setting struct{ name string }

// New returns the setting of this name.
func New(name string) *Setting { return &Setting{name} }

// Name returns the name, without the # that marks settings without documentation.
func (s *Setting) Name() string {
	if s.Undocumented() {
		return s.name[1:]
	}
	return s.name
}

// Undocumented reports whether the name begins with #.
func (s *Setting) Undocumented() bool { return s.name != "" && s.name[0] == '#' }

// Value returns "", which stands for the default.
func (s *Setting) Value() string { return "" }

// String returns the name and the value.
func (s *Setting) String() string { return s.Name() + "=" }

// IncNonDefault does nothing: there are no metrics.
func (s *Setting) IncNonDefault() {}
