package text
import ("testing";"os";"fmt";"github.com/ktzip/ktzip/dsl/plan")
func TestErr(t *testing.T) {
	name := os.Getenv("FILE")
	if name == "" { t.Skip() }
	src, _ := os.ReadFile(name)
	src = Sample(src, 256<<10)
	end, _ := endOf(src)
	f := &finder{sample: rowsOf(src, end), estimate: estimate, price: deflated, prices: prices{}}
	m, ok := f.templates(f.groups(way{blanks: true}))
	_, a, b, err := plan.LinesNode(src, m.Text, m.End, m.Sets)
	fmt.Println(ok, m.Sets, err, deflated(a), deflated(b))
	fmt.Println(m.Text)
}
