package trade

// dueAt is merchant.DueAt in SQL: of a row paid at "at" that is booked at $1, and its merchant m.
const dueAt = `CASE
		WHEN m.account_system = 'legacy' THEN
			((at AT TIME ZONE 'Asia/Shanghai')::date + CASE m.settlement_cycle WHEN 'T+7' THEN 7 ELSE 1 END)::timestamp
				AT TIME ZONE 'Asia/Shanghai'
		WHEN (at AT TIME ZONE 'Asia/Shanghai')::date <> ($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::date THEN $1::timestamptz
		ELSE greatest($1::timestamptz, least(at + interval '5 minutes',
			((at AT TIME ZONE 'Asia/Shanghai')::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '2 minutes'))
	END`
