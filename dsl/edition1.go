package dsl

var edition1 []entry
