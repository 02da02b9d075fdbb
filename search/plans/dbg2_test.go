package plans
import ("testing";"os";"fmt";"context";"strings")
func TestDbg2(t *testing.T){
 for _,n:=range strings.Fields(os.Getenv("DBG")) {
  src,_:=os.ReadFile("/work/shared/field/"+n); if len(src)>2<<20 {src=src[:2<<20]}
  tr:=newTrial(&efforts[9],src,roughly,&meter{ctx:context.Background()})
  try:=func(name string,f framing){
    f.keys=tr.keysOf(&f); p:=tr.typed(&f); st,err:=tr.split(src,p); if err!=nil {fmt.Println(name,err);return}; sum:=0; for _,s:=range st {sum+=estimate(s)}; fmt.Println("   ",name,"off",f.off,"keys",f.keys,"estimate",sum, "plan", len(p.String()), p.Nodes[len(p.Nodes)-1].Nums)
  }
  if f,ok:=typeFraming(src);ok { try("types",f) }
  for _,f:=range tr.framings() {
    for d:= -f.off; d<=0; d++ { g:=f; g.off=f.off+d; g.spans=nil; for _,s:=range f.spans { g.spans=append(g.spans,span{s.start-int32(d),s.end-int32(d)}) }; if int(g.spans[len(g.spans)-1].end)>len(src) {g.spans=g.spans[:len(g.spans)-1]}; try("length",g) }
  }
 }
}
