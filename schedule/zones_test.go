package schedule

// changingZones are the zones of the daylight saving tests, each unlike the others.
var changingZones = []string{
	"Europe/Berlin",       // an hour at 02:00
	"America/New_York",    // an hour at 02:00, other dates
	"America/Sao_Paulo",   // until 2019 an hour at midnight
	"Europe/Dublin",       // winter is the deviation in its rules
	"Australia/Lord_Howe", // half an hour
	"Pacific/Apia",        // skipped 2011-12-30
}
