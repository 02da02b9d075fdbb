package plan

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// Times of Lines: numbers of seconds or other units, printed as the parts of a date.

const (
	dayHours    = 24
	dayMinutes  = 60 * dayHours
	daySeconds  = 60 * dayMinutes
	leapYear    = 10957 // days from 1970-01-01 to 2000-01-01, which begins a leap year
	leapDays    = 366   // of a leap year
	firstDay    = -719528
	endDay      = 2932897 // firstDay <= day < endDay: in the years 0 to 9999
	firstShort  = leapYear
	endShort    = 47482 // firstShort <= day < endShort: in the years 2000 to 2099
	partLetters = "YymbdeaHMSf"
	yearText    = 4
)

var (
	monthNames   = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	weekdayNames = [...]string{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"} // of 1970-01-01 and the days after
)

// A timeForm says how a time is printed: by parts, letters of partLetters, and what stands between.
type timeForm struct {
	parts    []byte
	perDay   int64 // units of a day
	decimals int64 // units of a second, if there is one
	size     int   // characters that it prints
	digits   int   // of the fraction of a second

	shortYear, hasYear, hasDate   bool
	hasSecond, hasMinute, hasHour bool
}

// time reads the parts of a time and the bracket after them.
func (p *templateParser) time(s *slot) error {
	n := bytes.IndexByte(p.text[p.pos:p.stop], ']')
	if n < 0 || n > maxTimeText {
		return fmt.Errorf("a time of more than %d characters, or without its end", maxTimeText)
	}
	f, err := timeFormOf(p.text[p.pos : p.pos+n])
	if err != nil {
		return err
	}
	p.pos += n + 1
	s.form = int32(len(p.forms))
	p.forms = append(p.forms, f)
	return nil
}

// timeFormOf returns the form with these parts.
func timeFormOf(parts []byte) (f timeForm, err error) {
	f.parts = parts
	var count [256]int
	for i, c := range parts {
		if count[c]++; count[c] > 1 && strings.IndexByte(partLetters, c) >= 0 && (c != 'f' || parts[i-1] != 'f') {
			return f, fmt.Errorf("a time with %c twice", c)
		}
		switch c {
		case '%':
			return f, fmt.Errorf("a time with a per cent sign")
		case 'Y':
			f.size += yearText
		case 'b', 'a':
			f.size += len("Jan")
		case 'y', 'm', 'd', 'e', 'H', 'M', 'S':
			f.size += 2
		default:
			f.size++
		}
	}
	years, months, days := count['Y']+count['y'], count['m']+count['b'], count['d']+count['e']
	f.hasYear, f.shortYear, f.hasDate = years > 0, count['y'] > 0, days > 0
	f.hasHour, f.hasMinute, f.hasSecond = count['H'] > 0, count['M'] > 0, count['S'] > 0
	f.perDay, f.decimals, f.digits = 1, 1, count['f']
	switch {
	case f.hasSecond:
		for range min(count['f'], maxSubsecond) {
			f.decimals *= 10
		}
		f.perDay = daySeconds * f.decimals
	case f.hasMinute:
		f.perDay = dayMinutes
	case f.hasHour:
		f.perDay = dayHours
	}
	switch {
	case years > 1 || months > 1 || days > 1 || months != days || years > days || count['a'] > years,
		f.hasMinute && !f.hasHour, f.hasSecond && !f.hasMinute, count['f'] > 0 && !f.hasSecond, count['f'] > maxSubsecond,
		!f.hasDate && !f.hasHour:
		return f, fmt.Errorf("a time of %q, want a date, hours, or both", parts)
	}
	return f, nil
}

// A date is a day, and what it is in the calendar.
type date struct {
	day         int64 // since 1970-01-01
	year        int
	month, mday int // from 1
}

// dateOf returns the date of day.
func dateOf(day int64) date {
	// Years that begin with March, in eras of 400 years from 0000-03-01 on.
	z := day + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d := date{day: day, year: int(yoe + era*400), month: int(mp + 3), mday: int(doy-(153*mp+2)/5) + 1}
	if d.month > 12 {
		d.month, d.year = d.month-12, d.year+1
	}
	return d
}

// dayOf returns the day of a date, whose month is 1 to 12.
func dayOf(year, month, mday int) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	era := floorDiv(int64(year), 400)
	yoe := int64(year) - era*400
	doy := int64((153*(month-3)+2)/5 + mday - 1)
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// floorDiv returns a / b, rounded down; b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// print writes the time v to b, which has room for it. It reports whether v is in range. last is
// the date that the form printed before.
// It is one function because it is one list of cases: the parts.
func (f *timeForm) print(b []byte, v int64, last *date) bool {
	day := floorDiv(v, f.perDay)
	v -= day * f.perDay
	switch {
	case f.shortYear && (day < firstShort || day >= endShort), f.hasYear && (day < firstDay || day >= endDay),
		!f.hasYear && f.hasDate && (day < 0 || day >= leapDays), !f.hasDate && day != 0:
		return false
	}
	if f.hasDate {
		if !f.hasYear {
			day += leapYear
		}
		if day != last.day || last.month == 0 {
			*last = dateOf(day)
		}
	}
	fraction, second, minute := int64(0), 0, 0
	if f.hasSecond {
		fraction, v = v%f.decimals, v/f.decimals
		second, v = int(v%60), v/60
	}
	if f.hasMinute {
		minute, v = int(v%60), v/60
	}
	at := 0
	for _, c := range f.parts {
		switch c {
		case 'Y':
			putTwo(b[at:], last.year/100)
			putTwo(b[at+2:], last.year%100)
			at += yearText
		case 'y':
			at += putTwo(b[at:], last.year-2000)
		case 'm':
			at += putTwo(b[at:], last.month)
		case 'b':
			at += copy(b[at:], monthNames[last.month-1])
		case 'd':
			at += putTwo(b[at:], last.mday)
		case 'e':
			at += putTwo(b[at:], last.mday)
			if last.mday < 10 {
				b[at-2] = ' '
			}
		case 'a':
			at += copy(b[at:], weekdayNames[last.day-floorDiv(last.day, 7)*7])
		case 'H':
			at += putTwo(b[at:], int(v))
		case 'M':
			at += putTwo(b[at:], minute)
		case 'S':
			at += putTwo(b[at:], second)
		case 'f':
			if fraction < 0 { // written
				continue
			}
			for k := f.digits - 1; k >= 0; k-- {
				b[at+k] = '0' + byte(fraction%10)
				fraction /= 10
			}
			at, fraction = at+f.digits, -1
		default:
			b[at] = c
			at++
		}
	}
	return true
}

// parse returns the number that f prints as text; ok is false if there is none.
// It is one function because it is one list of cases: the parts.
func (f *timeForm) parse(text []byte) (v int64, ok bool) {
	if len(text) != f.size {
		return 0, false
	}
	year, month, mday, weekday, hour, minute, second, fraction := 2000, 1, 1, -1, 0, 0, 0, int64(0)
	for _, c := range f.parts {
		good := true
		switch c {
		case 'Y':
			var low int
			year, good = twoDigits(text)
			low, ok = twoDigits(text[2:])
			year, good = 100*year+low, good && ok
			text = text[yearText:]
		case 'y', 'm', 'd', 'H', 'M', 'S':
			x, isTwo := twoDigits(text)
			text, good = text[2:], isTwo
			switch c {
			case 'y':
				year = 2000 + x
			case 'm':
				month = x
			case 'd':
				mday = x
			case 'H':
				hour = x
			case 'M':
				minute = x
			case 'S':
				second = x
			}
		case 'e':
			if text[0] == ' ' {
				mday, good = int(text[1])-'0', text[1] >= '1' && text[1] <= '9'
			} else {
				mday, good = twoDigits(text)
				good = good && mday >= 10
			}
			text = text[2:]
		case 'b':
			month, good = indexName(monthNames[:], text)
			month++
			text = text[3:]
		case 'a':
			weekday, good = indexName(weekdayNames[:], text)
			text = text[3:]
		case 'f':
			good = text[0] >= '0' && text[0] <= '9'
			fraction = 10*fraction + int64(text[0]-'0')
			text = text[1:]
		default:
			good = text[0] == c
			text = text[1:]
		}
		if !good {
			return 0, false
		}
	}
	if month < 1 || month > 12 || mday < 1 || mday > 31 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	if f.hasDate {
		day := dayOf(year, month, mday)
		if mday > 28 && dateOf(day).mday != mday || weekday >= 0 && int64(weekday) != day-floorDiv(day, 7)*7 {
			return 0, false
		}
		if v = day; !f.hasYear {
			v -= leapYear
		}
		if v < 0 && v < math.MinInt64/f.perDay || v >= math.MaxInt64/f.perDay {
			return 0, false
		}
	}
	switch {
	case f.hasSecond:
		v = ((v*dayHours+int64(hour))*60+int64(minute))*60 + int64(second)
		v = v*f.decimals + fraction
	case f.hasMinute:
		v = (v*dayHours+int64(hour))*60 + int64(minute)
	case f.hasHour:
		v = v*dayHours + int64(hour)
	}
	return v, true
}

// indexName returns which name text starts with.
func indexName(names []string, text []byte) (k int, ok bool) {
	for k, name := range names {
		if string(text[:len(name)]) == name {
			return k, true
		}
	}
	return 0, false
}

// putTwo writes the two digits of n and returns how many there are.
func putTwo(b []byte, n int) int {
	_ = b[1]
	b[0], b[1] = twoDigitText[2*n], twoDigitText[2*n+1]
	return 2
}

// twoDigits returns the number that the first two bytes of text are.
func twoDigits(text []byte) (n int, ok bool) {
	a, b := text[0]-'0', text[1]-'0'
	return int(10*a + b), a <= 9 && b <= 9
}
