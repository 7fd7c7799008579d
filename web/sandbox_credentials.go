package web

import "net/http"

// Credentials is everything that a script needs to act in the demo: its JSON is the demo's contract.
// What does not exist yet is null.
type Credentials struct {
	BaseURL    string         `json:"base_url"`
	APIBaseURL *string        `json:"api_base_url"`
	CAPEM      *string        `json:"ca_pem"`
	Platform   *CredPlatform  `json:"platform"`
	Merchants  []CredMerchant `json:"merchants"`
	Operators  *[]CredMember  `json:"operators"`
	Persons    []CredPerson   `json:"persons"`
}

// CredPlatform is what the platform's signatures are proven with: by certificate, or by public key.
type CredPlatform struct {
	Serial         string `json:"serial"`
	CertificatePEM string `json:"certificate_pem"`
	PublicKeyID    string `json:"public_key_id"`
	PublicKeyPEM   string `json:"public_key_pem"`
}

// CredMerchant is a merchant of the demo.
type CredMerchant struct {
	MchID             string       `json:"mchid"`
	Name              string       `json:"name"`
	Kind              string       `json:"kind"`
	ParentMchID       *string      `json:"parent_mchid"`
	AccountSystem     string       `json:"account_system"`
	SettlementCycle   string       `json:"settlement_cycle"`
	SettlementAccount string       `json:"settlement_account"`
	AppID             string       `json:"appid"`
	API               *struct{}    `json:"api"`
	Members           []CredMember `json:"members"`
}

// CredMember is a login account of the demo.
type CredMember struct {
	Login           string  `json:"login"`
	Role            string  `json:"role"`
	Bound           bool    `json:"bound"`
	InitialPassword *string `json:"initial_password"`
	Person          string  `json:"person"`
}

// CredPerson is somebody with a WeChat, and what a login account for that person is made of.
type CredPerson struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	OpenID   string `json:"openid"`
	IDType   string `json:"id_type"`
	IDNumber string `json:"id_number"`
	Mobile   string `json:"mobile"`
}

// tellCredentials gives them to scripts.
func (s *site) tellCredentials(v *visit) error {
	all, err := s.World.Cast(v.ctx())
	if err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, all)
}
