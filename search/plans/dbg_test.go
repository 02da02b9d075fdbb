package plans
import ("testing";"os";"fmt";"context";"strings";"time")
func TestDbg(t *testing.T){
 for _,n:=range strings.Fields(os.Getenv("DBG")) {
  src,_:=os.ReadFile("/work/shared/field/"+n); if len(src)>2<<20 {src=src[:2<<20]}
  tr:=newTrial(&efforts[9],src,roughly,&meter{ctx:context.Background()})
  t0:=time.Now()
  rs:=tr.runs()
  fmt.Println(n,len(rs),"runs",time.Since(t0), tr.meter.steps)
  for _,r:=range rs { f,ok:=r.f.whole(src,r.start); fmt.Printf("  off %d el %d unit %d add %d align %d: run %d %.3f whole %v %d of %d records %d regular %v\n",r.f.off,r.f.element,r.f.unit,r.f.add,r.f.align,r.count,r.saving,ok,f.bytes(),len(src),len(f.spans),ok&&f.regular(src)) }
  f,ok:=typeFraming(src)
  fmt.Println("  types",ok,f.bytes(),len(f.spans),len(f.types))
  for _,f:=range tr.framings() { t0=time.Now();s0:=tr.meter.steps; f.keys=tr.keysOf(&f); t1:=time.Now(); p:=tr.typed(&f); fmt.Println("   off",f.off,"keys",f.keys,len(tr.kinds(&f)),t1.Sub(t0),time.Since(t1),tr.meter.steps-s0)
    st,err:=tr.split(src,p); if err!=nil {fmt.Println(err);continue}; sum:=0; for _,s:=range st {sum+=estimate(s)}; fmt.Println("   estimate",sum,estimate(src)) }
 }
}
