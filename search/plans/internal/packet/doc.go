// Package packet finds packets of one size in bytes: each has a header, which is as it was in the packet
// before or counts, and a payload, which goes on from packet to packet. UF2 files, transport streams and
// sectors with headers are like that. It looks at integers only.
package packet
