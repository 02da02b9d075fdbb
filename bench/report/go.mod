module github.com/ktzip/ktzip/bench/report

go 1.26.0

require github.com/ktzip/ktzip v0.0.0

replace github.com/ktzip/ktzip => ../..
