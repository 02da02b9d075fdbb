package plan

import (
	"fmt"
	"strconv"
	"strings"
)

// characters returns the numbers of the slots that x shows, as characters.
func (x *oracleSlot) characters() string {
	var text []byte
	for _, y := range x.shown {
		c := byte('.')
		if n := len(y.numbers); n > 0 && y.numbers[n-1] >= 32 && y.numbers[n-1] <= 126 {
			c = byte(y.numbers[n-1])
		}
		text = append(text, c)
	}
	return string(text)
}

// checksum returns the checksum of what the row has so far.
func (l *oracleLines) checksum(kind string) string {
	sum, row := 0, l.out[l.row:]
	pairs := func(digits []byte) {
		for i := 0; i < len(digits)-1; i += 2 {
			v, _ := strconv.ParseUint(string(digits[i:i+2]), 16, 8)
			sum += int(v)
		}
	}
	text := ""
	switch kind {
	case "*", "!":
		for i := 1; i < len(row)-1; i++ {
			sum ^= int(row[i])
		}
		text = fmt.Sprintf("%02X", sum)
	case ":", ";":
		pairs(row[min(1, len(row)):])
		text = fmt.Sprintf("%02X", 255&-sum)
	case "M", "m":
		pairs(row[min(2, len(row)):])
		text = fmt.Sprintf("%02X", 255-sum%256)
	case "#":
		for _, c := range row {
			if i := strings.IndexByte("0123456789", c); i >= 0 {
				sum += i
			} else if c == '-' {
				sum++
			}
		}
		return strconv.Itoa(sum % 10)
	}
	if strings.Contains("!;m", kind) {
		return strings.ToLower(text)
	}
	return text
}
