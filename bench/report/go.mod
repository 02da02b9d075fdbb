module github.com/ktzip/ktzip/bench/report

go 1.26.0

require (
	github.com/klauspost/compress v1.20.3
	github.com/ktzip/ktzip v0.0.0
	github.com/wcharczuk/go-chart/v2 v2.1.2
)

require (
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	golang.org/x/image v0.25.0 // indirect
)

replace github.com/ktzip/ktzip => ../..
