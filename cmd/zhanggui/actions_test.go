package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/dossier"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/opening"
	"zhanggui/internal/operations"
	"zhanggui/internal/platform"
	"zhanggui/internal/product"
	"zhanggui/internal/rollout"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/seed"
	"zhanggui/internal/staff"
	"zhanggui/internal/transfer"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/vault"
	"zhanggui/internal/wechat"
	"zhanggui/internal/withdrawal"
)

const store int64 = 1900000208

// stage is the whole program over the demo's cast.
type stage struct {
	*app
	t     *testing.T
	clock *clock.Manual
}

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	const secret = "0123456789abcdef0123456789abcdef"
	now := clock.At(time.Date(2026, 11, 22, 11, 20, 5, 0, clock.Beijing))
	a, err := newApp(parts{database: database{DB: d}, clock: now, key: bytes.Repeat([]byte{7}, vault.KeySize), base: "https://pay.example",
		wechat: wechat.Config{OAuthBase: "https://wechat.example", PayAppBase: "https://wechat.example", APIBase: "https://wechat.example",
			PayBase: "https://wechat.example", FraudBase: "https://wechat.example", AppID: "wx1", AppSecret: secret, MchID: "1", APIKey: secret}})
	if err != nil {
		t.Fatal(err)
	}
	return &stage{app: a, t: t, clock: now}
}

// scene is the same program in a transaction that ends with the test.
func (s *stage) scene(t *testing.T) *stage {
	t.Helper()
	d, end, err := s.db.Pin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return newStage(t, d)
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) exec(sql string, args ...any) {
	s.t.Helper()
	_, err := s.db.PG().Exec(s.t.Context(), sql, args...)
	s.must(err)
}

// someone is the account of a login name.
func (s *stage) someone(merchant int64, login string) (id uuid.UUID) {
	s.t.Helper()
	s.must(s.db.PG().QueryRow(s.t.Context(), "SELECT id FROM login_accounts WHERE merchant_id = $1 AND login = $2", merchant, login).Scan(&id))
	return id
}

// standing is somebody as of now.
func (s *stage) standing(merchant int64, login string) (st identity.Standing) {
	s.t.Helper()
	id := s.someone(merchant, login)
	s.must(s.db.InTx(s.t.Context(), func(tx db.Tx) (err error) {
		st, err = s.gate.Standing(s.t.Context(), tx, merchant, id)
		return err
	}))
	return st
}

// sample is how an act is asked for: what must be there before, and with which parameters.
type sample func(s *stage) any

func member(login string) sample {
	return func(s *stage) any { return staff.One{Account: s.someone(store, login)} }
}

func given(params any) sample { return func(*stage) any { return params } }

func suspended(login string) sample {
	return func(s *stage) any {
		s.exec("UPDATE login_accounts SET state = 'suspended', place = NULL WHERE merchant_id = $1 AND login = $2", store, login)
		return member(login)(s)
	}
}

// aRole is one of the merchant's own.
func (s *stage) aRole() access.Role {
	s.t.Helper()
	var r access.CustomRole
	s.must(s.db.InTx(s.t.Context(), func(tx db.Tx) (err error) {
		draft := access.RoleDraft{Name: "值班", Permissions: []access.Permission{access.TradeRead}}
		r, err = access.CreateRole(s.t.Context(), tx, access.Member(s.standing(store, "admin01").Seat), draft, s.clock.Now())
		return err
	}))
	return r.Code
}

// aRequest is an employee whose binding waits for an answer.
func (s *stage) aRequest() uuid.UUID {
	s.t.Helper()
	id := s.someone(store, "caiwu02")
	s.exec(`INSERT INTO binding_requests (merchant_id, id, account_id, openid, compared, consent, consented_at, asked_at, lapses_at)
		VALUES ($1, $2, $3, 'o-new', $4, '1', $5, $5, $6)`, store, db.NewID(), id, make([]byte, 48), s.clock.Now(), s.clock.Now().Add(time.Hour))
	return id
}

// anApproval waits for the super admin, who answers in the test.
func (s *stage) anApproval() any {
	s.t.Helper()
	admin := s.standing(store, "admin01")
	s.exec(`INSERT INTO confirmations (merchant_id, id, account_id, action, params, words, hash, once, asked, via, session_id, token_hash,
			number, choices, openid, state, address, agent, asked_at, expires_at)
		SELECT $1, $2, $3, 'role.create', '{}', '{"zh-CN":{"title":"x","lines":[]}}', sha256('x'), '', sha256('x'), 'phone', $2, '', 0, '', 'o', 'approving',
			'', '', $4, $5`, store, approvalID, s.someone(store, "caiwu01"), s.clock.Now(), s.clock.Now().Add(time.Hour))
	s.exec(`INSERT INTO approvals (merchant_id, id, action, always, hash, maker_id, maker_openid, maker_paper, asked, asked_at)
		VALUES ($1, $2, 'role.create', false, sha256('x'), $3, 'o', '', $4, $5)`, store, approvalID, s.someone(store, "caiwu01"),
		[]uuid.UUID{admin.Seat.Account}, s.clock.Now())
	return confirm.Verdict{ID: approvalID, Decision: confirm.Refuse, Hash: "x"}
}

var approvalID = uuid.MustParse("01900000-0000-7000-8000-000000000001")

// aReview is of an opening that waits for the operators.
func (s *stage) aReview() any {
	d := operations.Product()
	o := product.Opening{Merchant: store, N: 1, AskedAt: s.clock.Now()}
	s.exec(`INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, version, agreement, hash)
		VALUES ($1, 1, $2, 'reviewing', 'admin01@1900000208', $3, $4, $5, $6)`, store, d.Code, o.AskedAt, d.Agreement.Version, d.Agreement.Text, d.Agreement.Hash())
	return product.Review{No: o.No(), Approve: true}
}

// opens opens a product for the store.
func (s *stage) opens(d product.Declaration) {
	s.t.Helper()
	s.exec(`INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, opened_at, version, agreement, hash)
		VALUES ($1, 1, $2, 'open', 'system', $3, $3, $4, $5, $6)`, store, d.Code, s.clock.Now(), d.Agreement.Version, d.Agreement.Text, d.Agreement.Hash())
}

// paying opens enterprise payment for a merchant that has money.
func (s *stage) paying() {
	s.t.Helper()
	s.opens(transfer.Product())
	s.must(s.db.InTx(s.t.Context(), func(tx db.Tx) error {
		_, err := ledger.Post(s.t.Context(), tx, s.clock.Now(), ledger.Transfer{Merchant: store, Kind: "topup", Key: "1", BusinessNo: "1", Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -100_00}, {Account: ledger.Basic, Amount: 100_00, Row: ledger.RowTopUp}}})
		return err
	}))
}

func (s *stage) aPayment() any {
	s.paying()
	return transfer.Params{OpenID: "oPayee1", Check: transfer.ForceCheck, Name: "张敏", Amount: 88_00, Description: "十月报销", Address: "203.0.113.7"}
}

func (s *stage) aPaymentFile() any {
	s.paying()
	var f transfer.File
	d := transfer.Deps{DB: s.db, Clock: s.clock, Vault: s.vault, Gate: s.gate}
	s.must(s.db.InTx(s.t.Context(), func(tx db.Tx) (err error) {
		f, err = d.CheckFile(s.t.Context(), tx, access.Member(s.standing(store, "admin01").Seat),
			transfer.Upload{ID: db.NewID(), Name: "十月.csv", Body: []byte("openid,amount,desc\noPayee1,1.00,报销\n"), Address: "203.0.113.7"})
		return err
	}))
	return f.Params("203.0.113.7")
}

// aMove is from a basic account that holds enough to the operations account.
func (s *stage) aMove() any {
	s.must(s.db.InTx(s.t.Context(), func(tx db.Tx) error {
		if err := ledger.OpenAccount(s.t.Context(), tx, store, ledger.Operation, s.clock.Now()); err != nil {
			return err
		}
		_, err := ledger.Post(s.t.Context(), tx, s.clock.Now(), ledger.Transfer{Merchant: store, Kind: "topup", Key: "1", BusinessNo: "1", Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -100}, {Account: ledger.Basic, Amount: 100, Row: ledger.RowTopUp}}})
		return err
	}))
	return operations.Params{Direction: operations.ToOperation, Amount: 100}
}

// samples hold for every act: one that is not here fails the test.
var samples = map[string]sample{
	confirm.RulesAction:   given(confirm.RuleChange{Action: staff.Suspend, Checkers: []access.Role{access.Finance}}),
	confirm.AnswerAction:  (*stage).anApproval,
	dossier.ProfileAction: given(dossier.ProfileParams{ShortName: "云上好店", ContactPhone: "13812345678"}),
	dossier.CardAction:    given(dossier.CardParams{Bank: "中国银行上海分行", Account: "6217851234567890123"}),
	staff.Create: given(staff.Newcomer{Login: "caiwu09", Name: "李思文", IDType: identity.IDCard, IDNumber: "11010119900307211X",
		Mobile: "13800001234", Roles: []access.Role{access.Finance}}),
	staff.Suspend: member("kefu01"), staff.Resume: suspended("kefu02"), staff.Reset: member("kefu01"), staff.EndSessions: member("kefu01"),
	staff.GiveRoles: func(s *stage) any {
		return staff.Given{Account: s.someone(store, "kefu01"), Roles: []access.Role{access.Finance}}
	},
	staff.CreateRole: given(staff.Role{Name: "值班", Permissions: []access.Permission{access.TradeRead}}),
	staff.ChangeRole: func(s *stage) any {
		return staff.Role{Code: s.aRole(), Name: "夜班", Permissions: []access.Permission{access.TradeRead}}
	},
	staff.DeleteRole: func(s *stage) any { return staff.End{Code: s.aRole()} },
	staff.HandOver: func(s *stage) any {
		return staff.Handing{Account: s.someone(store, "caiwu01"), Keeps: []access.Role{access.Finance}}
	},
	staff.AnswerBinding: func(s *stage) any { return staff.Binding{Account: s.aRequest(), Decision: identity.Refuse} },
	staff.Rebind:        given(staff.Own{Session: uuid.MustParse("01900000-0000-7000-8000-000000000002")}),
	"merchant.open": given(platform.Opening{MchID: 1900000999, Kind: merchant.Direct, LegalName: "新店有限公司", ShortName: "新店",
		Cycle: merchant.T1, System: merchant.Legacy, FeeRate: money.Rate(60), SettlementBank: "中国银行上海分行",
		SettlementAccount: "6217851234567890123", AppID: "wx0123456789abcdef", Login: "admin01", Name: "李思文", IDType: identity.IDCard,
		IDNumber: "11010119900307211X", Mobile: "13800001234"}),
	"merchant.suspend": given(platform.Suspension{MchID: store, Reason: "资料过期"}),
	"merchant.resume": func(s *stage) any {
		s.exec("UPDATE merchants SET state = 'suspended' WHERE merchant_id = $1", store)
		return platform.Suspension{MchID: store, Reason: "资料已更新"}
	},
	withdrawal.MakeAction: func(s *stage) any {
		s.paying()
		return withdrawal.Params{Account: ledger.Basic, Amount: 88_00, Remark: "十月货款", Memo: "提现"}
	},
	withdrawal.SettingAction: func(s *stage) any {
		s.opens(withdrawal.Deps{}.Product())
		return withdrawal.Setting{Active: true, Retained: 50_00}
	},
	transfer.MakeAction:  (*stage).aPayment,
	transfer.FileAction:  (*stage).aPaymentFile,
	opening.Action:       given(opening.Params{MchID: store, Account: ledger.Basic, Amount: 100, Document: "余额确认函"}),
	product.OpenAction:   given(operations.Product().Signing()),
	product.ReviewAction: (*stage).aReview,
	product.CloseAction: func(s *stage) any {
		s.paying()
		return product.Closing{Code: transfer.Code}
	},
	operations.Action: (*stage).aMove,
	"operator.create": given(platform.Recruit{Login: "pingtai09", Name: "李思文", IDType: identity.IDCard, IDNumber: "11010119900307211X",
		Mobile: "13800001234", Role: access.ReadOnly}),
	"operator.suspend": given(platform.Posting{Login: "shenhe01"}),
	"operator.resume": func(s *stage) any {
		s.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = 0 AND login = 'shenhe01'")
		return platform.Posting{Login: "shenhe01"}
	},
	rollout.Action:     given(rollout.Change{Kind: rollout.SetPercentage, Percentage: 37}),
	rollout.FullAction: given(rollout.Change{Kind: rollout.SetPercentage, Percentage: rollout.All}),
	upgrade.Action: given(upgrade.Params{Automatic: true, Retained: 100, Version: upgrade.Current.Version, Hash: upgrade.Current.Hash(),
		Also: withdrawal.Deps{}.Product().Agreement.Hash()}),
	"operator.reset": given(platform.Posting{Login: "shenhe01"}),
	"operator.role":  given(platform.Posting{Login: "shenhe01", Role: access.ReadOnly}),
}

// asker is who asks for an act of the kind: the store's super admin, that of a merchant that can upgrade, or a
// platform admin.
func (s *stage) asker(code string) identity.Standing {
	if code == upgrade.Action {
		return s.standing(sandbox.RolledOut[0], "admin01")
	}
	if a, _ := s.desk.Actions().Find(code); len(a.Needs) > 4 && a.Needs[:4] == "ops." {
		return s.standing(access.PlatformID, "pingtai01")
	}
	return s.standing(store, "admin01")
}

// asks freezes the act's sample, and scans its code.
func (s *stage) asks(code string, who identity.Standing, params any) (confirm.Confirmation, confirm.Sheet) {
	s.t.Helper()
	desk := confirm.Browser{Session: db.NewID(), Address: "10.0.0.1"}
	once, err := s.desk.Once(desk.Session)
	s.must(err)
	c, err := s.desk.Ask(s.t.Context(), access.Member(who.Seat), desk, confirm.Request{Action: code, Params: params, Once: once})
	s.must(err)
	sheet, err := s.desk.Scan(s.t.Context(), c.Token, who.OpenID)
	s.must(err)
	return c, sheet
}

func (s *stage) yes(c confirm.Confirmation, who identity.Standing, shown string) confirm.Sheet {
	s.t.Helper()
	sheet, err := s.desk.Answer(s.t.Context(), c.Token, who.OpenID, confirm.Answer{Decision: confirm.Confirm, Number: c.Number, Hash: shown})
	s.must(err)
	return sheet
}

func TestOfEveryActWhatIsShownIsWhatRuns(t *testing.T) {
	t.Parallel()
	whole := newStage(t, dbtest.Clone(t))
	whole.must(seed.Cast(t.Context(), whole.seedParts(whole.clock.Now())))
	for _, code := range whole.desk.Actions().Codes() {
		t.Run(code, func(t *testing.T) {
			sample, known := samples[code]
			if !known {
				t.Fatal("say in samples how it is asked for")
			}
			s := whole.scene(t)
			params, who := sample(s), s.asker(code)
			for column, change := range map[string]string{"params": "params || ' '", "words": "words || ' '",
				"action": "'trade.read'", "hash": "sha256(hash)"} {
				s.meetsChanged(code, who, params, column, change)
			}
			c, sheet := s.asks(code, who, params)
			end := s.yes(c, who, sheet.Hash)
			if code != confirm.AnswerAction && end.State != confirm.Done && end.State != confirm.Approving {
				t.Errorf("untouched it came to %s, %v", end.State, end.Reason)
			}
			if _, problems, err := confirm.Verify(t.Context(), s.db.PG()); err != nil || len(problems) > 0 {
				t.Errorf("%v, %v", problems, err)
			}
		})
	}
}

// meetsChanged changes a column of what was asked between the phone's page and its yes.
func (s *stage) meetsChanged(code string, who identity.Standing, params any, column, change string) {
	s.t.Helper()
	c, sheet := s.asks(code, who, params)
	if sheet.Words.Title == "" || len(sheet.Words.Lines) == 0 || sheet.Words.Title != c.Words.Title {
		s.t.Fatalf("the phone shows %+v", sheet.Words)
	}
	s.exec("UPDATE confirmations SET "+column+" = "+change+" WHERE id = $1", c.ID)
	if end := s.yes(c, who, sheet.Hash); end.State != confirm.Failed || end.Reason.Code != confirm.ErrChanged.Code {
		s.t.Errorf("%s changed, and it came to %s, %v", column, end.State, end.Reason)
	}
}
