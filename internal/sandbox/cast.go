package sandbox

import (
	"crypto/sha256"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
)

// The demo's official account and merchant number, as an operator would have them from WeChat. All the
// merchants of the cast use this official account, as the sample bills do.
const (
	DemoAppID = "wxd678efh567hg6787"
	DemoMchID = "1800000001"
)

// CastMerchant is a merchant of the demo with those who work for it, its super admin first.
type CastMerchant struct {
	merchant.New
	Members []CastMember
}

// CastMember is a login account of the demo.
type CastMember struct {
	Login    string // without @mchid
	Role     access.Role
	Person   string // whose phone belongs to this login
	Holder   identity.Person
	Mobile   string
	Bound    bool   // to that phone
	Password string // the initial one; of use only until the account is bound
}

// Whether a member's WeChat is bound when the demo opens.
const (
	bound   = true
	unbound = false
)

// Merchants are the merchants of the demo. Unbound are one super admin, two of the finance staff, and
// wrongwx@1900000208, whose phone belongs to somebody else than its account. 梁煜 and 方子衿 work for
// two merchants each.
var Merchants = []CastMerchant{
	{merchant.New{
		ID: 1230000001, Kind: merchant.ServiceProvider, LegalName: "深圳云帆收银科技有限公司", ShortName: "云帆收银",
		Cycle: merchant.T1, System: merchant.Upgraded, FeeRate: 60, AppID: DemoAppID,
		SettlementBank: "招商银行深圳科苑支行", SettlementAccount: "6299983690060267730",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-chenyuanhang", bound),
		staff("caiwu01", access.Finance, "p-xujing", bound),
		staff("caiwu02", access.Finance, "p-zhengxiaolan", unbound),
		staff("yunying01", access.Operations, "p-fangzijin", bound),
		staff("kefu01", access.Service, "p-qinlang", bound),
		staff("zhidu01", access.ReadOnly, "p-bailu", bound),
	}},
	{merchant.New{
		ID: 1230000101, Kind: merchant.SubMerchant, Parent: 1230000001, LegalName: "深圳市青禾茶饮管理有限公司", ShortName: "青禾茶饮",
		Cycle: merchant.T1, System: merchant.Upgraded, FeeRate: 60, AppID: DemoAppID,
		SettlementBank: "中国建设银行深圳福田支行", SettlementAccount: "62995468487452688",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-lisiwen", bound),
		staff("caiwu01", access.Finance, "p-chenjing", bound),
		staff("yunying01", access.Operations, "p-gaoyuan", bound),
		staff("kefu02", access.Service, "p-wuxiaomin", bound),
	}},
	{merchant.New{
		ID: 1230000102, Kind: merchant.SubMerchant, Parent: 1230000001, LegalName: "杭州小满书店有限公司", ShortName: "小满书店",
		Cycle: merchant.T1, System: merchant.Upgraded, FeeRate: 60, AppID: DemoAppID,
		SettlementBank: "杭州银行西湖支行", SettlementAccount: "629959693849373963",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-linzhixia", bound),
		staff("caiwu01", access.Finance, "p-liangyu", bound),
		staff("zhidu01", access.ReadOnly, "p-jiangxue", bound),
	}},
	{merchant.New{
		ID: 1230000103, Kind: merchant.SubMerchant, Parent: 1230000001, LegalName: "厦门山海便利连锁有限公司", ShortName: "山海便利",
		Cycle: merchant.T1, System: merchant.Legacy, FeeRate: 38, AppID: DemoAppID,
		SettlementBank: "兴业银行厦门思明支行", SettlementAccount: "6299401757228462",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-hedashan", bound),
		staff("yunying01", access.Operations, "p-fangzijin", bound),
		staff("kefu01", access.Service, "p-shilei", bound),
	}},
	{merchant.New{
		ID: 1900000109, Kind: merchant.Direct, LegalName: "兰州老王面馆餐饮有限公司", ShortName: "老王面馆",
		Cycle: merchant.T1, System: merchant.Legacy, FeeRate: 38, AppID: DemoAppID,
		SettlementBank: "兰州银行城关支行", SettlementAccount: "6299428926937195560",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-wangjianguo", bound),
		staff("caiwu01", access.Finance, "p-liangyu", bound),
		staff("kefu01", access.Service, "p-wangxiaoyan", bound),
	}},
	{merchant.New{
		ID: 1900000208, Kind: merchant.Direct, LegalName: "上海云上百货贸易有限公司", ShortName: "云上百货",
		Cycle: merchant.T1, System: merchant.Upgraded, FeeRate: 60, AppID: DemoAppID,
		SettlementBank: "中国工商银行上海静安支行", SettlementAccount: "629927995560636224",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-sumingyue", bound),
		staff("caiwu01", access.Finance, "p-hejingyi", bound),
		staff("caiwu02", access.Finance, "p-luowenbo", unbound),
		staff("yunying01", access.Operations, "p-marui", bound),
		staff("kefu01", access.Service, "p-guoting", bound),
		staff("kefu02", access.Service, "p-tangyue", bound),
		staff("zhidu01", access.ReadOnly, "p-xieanran", bound),
		madeFor(identity.Person{Name: "何雨桐", IDType: identity.IDCard, IDNumber: "310199199507182407"},
			staff("wrongwx", access.Operations, "p-hejun", unbound)),
	}},
	{merchant.New{
		ID: 1900000307, Kind: merchant.Direct, LegalName: "成都晨光健身服务有限公司", ShortName: "晨光健身",
		Cycle: merchant.T7, System: merchant.Legacy, FeeRate: 100, AppID: DemoAppID,
		SettlementBank: "成都银行锦江支行", SettlementAccount: "6299461416274372",
	}, []CastMember{
		staff("admin01", access.SuperAdmin, "p-zhouchenguang", unbound),
		staff("caiwu01", access.Finance, "p-sunqian", bound),
		staff("kefu01", access.Service, "p-dingyi", bound),
	}},
}

// staff makes a login account for a person of the cast, in that person's own name.
func staff(login string, role access.Role, person string, isBound bool) CastMember {
	for _, p := range Persons {
		if p.ID == person {
			return CastMember{
				Login: login, Role: role, Person: person, Mobile: p.Mobile, Bound: isBound,
				Holder:   identity.Person{Name: p.Name, IDType: p.IDType, IDNumber: p.IDNumber},
				Password: initialPassword(login + person),
			}
		}
	}
	panic("sandbox: nobody of the cast is called " + person)
}

// madeFor puts another person on the account than the one whose phone it is.
func madeFor(holder identity.Person, m CastMember) CastMember {
	m.Holder = holder
	return m
}

const passwordChars = 16

// initialPassword is the same in every demo, so that a script may know it. Letters that look alike are
// left out.
func initialPassword(of string) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
	sum := sha256.Sum256([]byte("zhanggui demo password " + of))
	password := make([]byte, passwordChars)
	for i := range password {
		password[i] = letters[int(sum[i])%len(letters)]
	}
	return string(password)
}
