package container

// Version is that of the files that are written. Files of versions 1 and 2 are read, too
// (FORMAT.md, section 11).
const Version = 3

// lastVersion returns the last version whose members are, or are not, GZIP members.
func lastVersion(gzip bool) uint8 {
	if gzip {
		return 2
	}
	return Version
}

// rules are what the versions of the format do differently.
type rules struct {
	edition byte          // of the language, unless a header names another
	plans   bool          // a segment may have a plan other than the identity
	gzip    bool          // members are GZIP members, and what version 3 leaves out is there
	flags   byte          // of a header, that are known
	fields  []headerField // of one byte, that follow the flags
}

var versions = [Version + 1]rules{
	1: {edition: 1, gzip: true, flags: oldFlags, fields: oldFields},
	2: {edition: 1, gzip: true, flags: oldFlags, fields: oldFields, plans: true},
	3: {edition: Edition, flags: oldFlags | hasEdition | hasBlock | hasPredictors | hasProfile, fields: newFields, plans: true},
}

// A headerField is a field of one byte of a header.
type headerField struct {
	field int  // one of the constants below
	flag  byte // that says that it is there; 0 if it always is
}

const (
	editionField = iota
	blockField
	segmentField
	predictorField
)

// in reports whether the field is in a header with the flags.
func (f headerField) in(flags byte) bool { return flags&f.flag == f.flag }

const oldFlags = hasName | hasTime | hasMode | hasSize

var (
	oldFields = []headerField{{field: editionField}, {field: blockField}, {field: segmentField}}
	newFields = []headerField{{field: segmentField}, {editionField, hasEdition}, {blockField, hasBlock}, {predictorField, hasPredictors}}
)

// rulesOf returns the rules of a version; 0 stands for Version.
func rulesOf(version uint8) *rules {
	if version == 0 {
		version = Version
	}
	return &versions[version]
}

// Edition returns the edition of the language.
func (h *Header) Edition() int { return int(rulesOf(h.Version).edition) }

// Plans reports whether a segment may have a plan other than the identity.
func (h *Header) Plans() bool { return rulesOf(h.Version).plans }

// GZIP reports whether members are GZIP members (RFC 1952); else they are bare deflate data.
func (h *Header) GZIP() bool { return rulesOf(h.Version).gzip }

// A form is one of the ways to write a segment.
type form struct {
	tag       byte
	gzip      bool // of versions 1 and 2
	section   bool // it has one; else its only group has only raw blocks
	predicted bool // the section says which groups have predictors
}

// Tags of the parts that follow a header (FORMAT.md, sections 3, 5 and 11).
const (
	tagOld       = 0x01 // a segment of versions 1 and 2
	tagOldIndex  = 0x02 // an index of versions 1 and 2
	tagPlain     = 0x03 // a segment without a section
	tagSection   = 0x04 // a segment with a section
	tagEnd       = 0x05 // the short end of a file of at most one segment
	tagIndex     = 0x06
	tagPredicted = 0x07 // a segment with a section and predictors
	endMark      = 0xE5 // the last byte of a file
)

var forms = []form{
	{tag: tagOld, gzip: true, section: true},
	{tag: tagPlain},
	{tag: tagSection, section: true},
	{tag: tagPredicted, section: true, predicted: true},
}

// indexTag returns the tag of an index.
func (h *Header) indexTag() byte {
	if h.GZIP() {
		return tagOldIndex
	}
	return tagIndex
}

func isIndex(tag byte) bool { return tag == tagIndex || tag == tagOldIndex }

// formOf returns the form of segments with the tag; nil if there is none.
func formOf(tag byte) *form {
	for k := range forms {
		if forms[k].tag == tag {
			return &forms[k]
		}
	}
	return nil
}

// form returns the form of segments with the tag in a file with header h; nil if there is none.
func (h *Header) form(tag byte) *form {
	if f := formOf(tag); f != nil && f.gzip == h.GZIP() && (!f.predicted || h.PredictorLog != 0) {
		return f
	}
	return nil
}

// checked reports whether the lengths of a segment of size bytes have a checksum of their own:
// if it is long, and not of versions 1 and 2.
func (f *form) checked(size int64) bool { return !f.gzip && size > maxUnchecked }

// maxUnchecked is the longest segment, in bytes, whose lengths are checked with all of it only:
// so much may be read in vain. With this limit a Scanner reads 6 bytes for each of a MiB of
// random ones, without one 17, and more if they are more (TestScannerEffort; FORMAT.md, section
// 3).
const maxUnchecked = 1 << 16
