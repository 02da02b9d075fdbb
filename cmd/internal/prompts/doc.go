// Package prompts asks language models to take the KoLMogorov Test: for each sequence it makes a
// request of a batch, in the form of OpenAI's batch API, which other services and local servers
// read as well.
//
// The wording is this project's own; the published prompts differ.
//
//	reference.go  the language in words, a row per function
//	prompt.go     the requests
//	system.txt    the template of what all requests begin with
package prompts
