package postgres

// Check says whether Open can work here: the programs are there, and a folder that their user
// reaches. It starts nothing.
func Check(o Options) error {
	h, err := locate(o)
	if err != nil {
		return err
	}
	_, err = findBinaries(o.Bin, h.dataVersion())
	return err
}
