package main

import "context"

// pagesMerchant has the orders that are listed.
const pagesMerchant = "1900000208"

func measurePages(_ context.Context, _ *world) (section, error) { return section{}, nil }
