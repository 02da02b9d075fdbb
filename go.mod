module github.com/ktzip/ktzip

go 1.26
