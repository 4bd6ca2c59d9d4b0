"""Example 示例: a tiny ironworks in which every set has a member, every rule a row, and every number a place.

Two years, two days of two steps. A furnace of two units makes iron of coke; it may be relined, retired, or give way to an
electric furnace. Two measures compete for its exhaust heat, two save its coke one after the other. An old boiler may go
once the other has run for a year; a small battery must be renewed; coke gas engines run at half load or not at all, and
a cavern keeps power over a year of four days. Numbers are made up.
"""

from models.inputs import Inputs

YEARS = (2026, 2027)
STEPS = ("summer night", "summer noon", "winter night", "winter noon")
FURNACES = ("furnace", "electric furnace")
BOILERS = ("boiler", "old boiler")
ENGINES = ("engines", "old engine")
MEASURES = ("recovery", "turbine", "injection", "insulation", "capture")
HOSTED = (*((m, "furnace") for m in MEASURES), ("recovery", "electric furnace"), ("insulation", "boiler"))
NEW = {  # asset -> (largest size, MCNY per size)
    "electric furnace": (100.0, 1.5), "recovery": (100.0, 0.2), "turbine": (100.0, 0.1), "injection": (100.0, 0.05),
    "insulation": (100.0, 0.02), "capture": (50.0, 0.6), "roof solar": (20.0, 3.0), "battery": (40.0, 0.8),
}  # fmt: skip
PRICES = {"wind contract": 0.25, "ore port": 0.8, "coke trade": 2.0, "steam net": 0.2, "steam pipe": 0.3, "co2 sale": 0.05, "certificate": 0.01}
HOURLY_PRICES = {"grid": (0.4, 0.8, 0.5, 0.9), "export": (0.3, 0.3, 0.3, 0.3), "wind contract": (0.1, 0.1, 0.1, 0.1)}
PIECES = {1: (5.0, 20.0), 2: (20.0, 50.0)}  # sizes of capture, with its prices a further size and its starts
SLOPES, STARTS = {1: 0.7, 2: 0.5}, {1: 2.0, 2: 6.0}
LEFT = {2026: 0.8, 2027: 0.88}  # value at the end per 1 invested


def example() -> Inputs:
    """The inputs, as the planner would make them."""
    return Inputs(
        name="example", years=YEARS, steps=STEPS,
        previous=dict(zip(STEPS, ("summer noon", "summer night", "winter noon", "winter night"), strict=True)),
        hours=dict.fromkeys(STEPS, 12.0), duration=dict(zip(STEPS, (2.0, 2.0, 2.38, 2.38), strict=True)),
        billing={s: s.split()[0] for s in STEPS}, months={"summer": 5.0, "winter": 7.0},
        # what is balanced, delivered and counted
        step_carriers=("power",), year_carriers=("ore", "coke", "iron", "steam", "co2"),
        load={("power", y, s): 3.0 for y in YEARS for s in STEPS}, demand={("iron", y): 90.0 for y in YEARS},
        carbon={"coke": 3.0, "co2": 1.0}, embodied={"coke": 0.6, "steam": 0.25},
        # what stands, and what may be done
        assets=("furnace", *BOILERS, *ENGINES, "cavern", "pump turbine", *NEW), existing={"furnace": 100.0, "boiler": 20.0, "old boiler": 10.0, "battery": 5.0, "engines": 6.0, "old engine": 2.0, "cavern": 400.0, "pump turbine": 2.0},
        alive={(a, 2026): 1.0 for a in ("furnace", *BOILERS, *ENGINES, "battery", "cavern", "pump turbine")} | {(a, 2027): 1.0 for a in ("boiler", *ENGINES, "cavern", "pump turbine")},
        builds=tuple((a, v) for a in NEW for v in YEARS), vintages={(a, y): tuple(v for v in YEARS if v <= y) for a in NEW for y in YEARS},
        module={"furnace": 50.0, "electric furnace": 25.0, "engines": 3.0}, max_size={a: largest for a, (largest, _) in NEW.items()},
        retirements=(("furnace", 2026), ("furnace", 2027)), renewals={"furnace": 2027, "battery": 2027}, due=("battery",), renewed_alive={("furnace", 2027): 1.0, ("battery", 2027): 1.0},
        replaces={"electric furnace": "furnace"}, area={"roof solar": "roof"}, area_per_size={"roof solar": 5.0}, area_limit={"roof": 60.0},
        # what is decided together
        piece={("capture", n): sizes for n, sizes in PIECES.items()},
        piece_slope={("capture", v, n): slope for v in YEARS for n, slope in SLOPES.items()},
        piece_start={("capture", v, n): start for v in YEARS for n, start in STARTS.items()},
        at_most={"two routes": ("furnace", "electric furnace", "roof solar"), "two at the tuyeres": ("injection", "insulation", "capture")},
        choice_count={"two routes": 2, "two at the tuyeres": 2}, needs={("turbine", "recovery"): 0.5}, required={"insulation": 1.0},
        together={"power": ("roof solar", "battery")}, together_limit={"power": 50.0},
        replaced_by={"old boiler": ("boiler", "electric furnace")}, overlap={"old boiler": 1}, seasoned=(("boiler", 1, 2026), ("boiler", 1, 2027)),
        converts={("electric furnace", "furnace"): 1.0}, converted_only=(("furnace", 2027),),
        built_already={("roof solar", 2026): 4.0}, retired_already={("furnace", 2026): 0.0}, renewed_already={"battery": 5.0},
        budget={("yearly", 2026): 90.0, ("discounted", 2027): 300.0}, budget_weight={("yearly", 2026, 2026): 1.0, ("discounted", 2027, 2026): 1.0, ("discounted", 2027, 2027): 0.93},
        pace={("solar", y): 10.0 for y in YEARS}, growth={("solar", y): 0.5 for y in YEARS}, pace_count={("solar", "roof solar"): 1.0},
        # what is made of what
        flat=(*FURNACES, *BOILERS), flexible=("roof solar", *ENGINES), minimum_load={"engines": 0.4, "old engine": 0.5}, start_cost={("engines", y): 0.01 for y in YEARS}, ramp={"engines": 0.05, "roof solar": 0.5},
        ratio={
            ("furnace", "iron"): 1.0, ("furnace", "ore"): -1.6, ("furnace", "coke"): -0.4, ("furnace", "power"): -0.1,
            ("electric furnace", "iron"): 1.0, ("electric furnace", "ore"): -1.5, ("electric furnace", "power"): -3.0,
            **{(i, c): r for i in BOILERS for c, r in (("steam", 1.0), ("coke", -0.1))},
            ("recovery", "steam"): 0.8, ("injection", "coke"): 0.02, ("turbine", "power"): 0.05, ("capture", "co2"): 0.9, ("capture", "power"): -0.3, ("roof solar", "power"): 1.0,
            **{(i, c): r for i in ENGINES for c, r in (("power", 1.0), ("coke", -0.3))},
        },
        usable={"furnace": 0.95}, shape={(i, s): 1 / 8.76 for i in (*FURNACES, *BOILERS) for s in STEPS},
        dated_usable={("furnace", 2026): 0.95, ("furnace", 2027): 0.95 * 8.56 / 8.76},  # in 2027 it stands still on every twentieth summer day
        dated_shape={("furnace", y, s): (1 / 8.76 if y == 2026 else (0.95 if "summer" in s else 1.0) / 8.56) for y in YEARS for s in STEPS},
        dated_availability={("roof solar", y, s): share for y in YEARS for s, share in zip(STEPS, (0.0, 0.6, 0.0, 0.3), strict=True)},
        availability={("roof solar", s): share for s, share in zip(STEPS, (0.0, 0.6, 0.0, 0.3), strict=True)},
        # what is changed at the furnace
        hosted=HOSTED, coverage=dict.fromkeys(HOSTED, 1.0), uptake={"injection": 0.8},
        saving={("injection", "furnace", "coke"): 0.1, ("insulation", "furnace", "coke"): 0.05, ("insulation", "furnace", "power"): 0.02},
        before={("injection", "furnace", "coke"): (), ("insulation", "furnace", "coke"): ("injection",), ("insulation", "furnace", "power"): ()},
        replaceable=(("furnace", "coke"),), potential={"exhaust of furnace": (("recovery", "furnace"), ("turbine", "furnace"))},
        # what stands still while something is built: in summer for a turbine, in winter for injection, both days for both
        stops={("turbine", 2027): ("furnace", 2026, "180-211"), ("injection", 2027): ("furnace", 2026, "0-15")}, stopped={"turbine": 1.0, "injection": 0.8},
        parts={("furnace", 2026, o): tuple(o.split(" and ")) if o != "runs" else () for o in ("runs", "180-211", "0-15", "0-15 and 180-211")},
        part_usable={("furnace", 2026, "180-211"): 0.87, ("furnace", 2026, "0-15"): 0.91, ("furnace", 2026, "0-15 and 180-211"): 0.83},
        part_shape={
            ("furnace", y, o, s): (warm if "summer" in s else cold)
            for o, warm, cold in (("180-211", -0.01, 0.009), ("0-15", 0.004, -0.004), ("0-15 and 180-211", -0.006, 0.005)) for y in YEARS for s in STEPS
        },
        # what may wait
        shiftable={("furnace", "power"): 0.3}, shift_window={"furnace": 18.0}, shift_cost={("furnace", y): 0.05 for y in YEARS},
        # what may go unserved, and what must not
        sheddable={("furnace", "power"): 0.2}, shed_cost={("furnace", y): 5.0 for y in YEARS}, unserved_share={"power": 0.1, "iron": 0.05},
        unserved_cost={(c, y): v for c, v in (("power", 8.0), ("iron", 6.0)) for y in YEARS},
        reserves={"island": "power", "spare": "power"}, reserve_hours={"island": 2.0, "spare": 1.0},
        losses=(("island", "connection"), ("spare", "engines"), ("spare", "old engine"), ("spare", "battery")),
        critical={("furnace", "power"): 0.1}, critical_load={"power": 0.2},
        firm={("island", "engines"): 0.9, ("island", "battery"): 1.0, ("spare", "engines"): 0.9, ("spare", "old engine"): 0.9, ("spare", "battery"): 1.0},
        # what is kept
        stores={"battery": "power", "cavern": "power"}, charge_efficiency={"battery": 0.95, "cavern": 0.6}, discharge_efficiency={"battery": 0.95},
        standing_loss={"battery": 0.002, "cavern": 0.0001}, store_hours={"battery": 4.0},
        store_power={"cavern": ("pump turbine",)},
        seasonal=("cavern",), day_order=("winter", "summer", "summer", "winter"), day_of={s: s.split()[0] for s in STEPS},
        # what crosses the fence
        markets={
            "ore port": "ore", "coke trade": "coke", "grid": "power", "wind contract": "power", "export": "power", "steam net": "steam", "steam pipe": "steam", "co2 sale": "co2", "certificate": "proof",
        },
        buys=("ore port", "coke trade", "grid", "wind contract", "certificate", "steam pipe"), sells=("export", "steam net", "co2 sale"), grid=("grid", "wind contract"), bundled=("wind contract",), certificates=("certificate",), heat=("steam pipe",),
        price={(k, y): price for k, price in PRICES.items() for y in YEARS},
        step_price={(k, y, s): price for k, prices in HOURLY_PRICES.items() for y in YEARS for s, price in zip(STEPS, prices, strict=True)},
        market_least={("steam net", y): 2.0 for y in YEARS},
        market_limit={("co2 sale", y): 30.0 for y in YEARS},
        fence={"purchases": ("grid", "wind contract"), "sales": ("export",)}, connection={(f, s): 0.0 if s == "winter night" and f == "sales" else v for f, v in (("purchases", 60.0), ("sales", 10.0)) for s in STEPS},
        tier_price={("ore port", j, y): p for j, p in (("near", 0.0), ("far", 0.1)) for y in YEARS}, tier_width={("ore port", "near", y): 90.0 for y in YEARS},
        take={("coke trade", 2026): 30.0}, take_price={("coke trade", 2026): 2.0} | {("wind contract", y): 0.25 for y in YEARS},
        one_way=tuple(("power", y, "summer night") for y in YEARS), most_bought={("power", y, "summer night"): 60.0 for y in YEARS},
        most_sold={("power", y, "summer night"): 10.0 for y in YEARS},
        contract_limit={("wind contract", y): 8.0 for y in YEARS}, contract_profile={("wind contract", s): v for s, v in zip(STEPS, (0.3, 0.1, 0.5, 0.2), strict=True)},
        contract_made={"wind contract": 2.466}, contract_take={"wind contract": 0.9},
        # what the connection costs by its peak
        demand_charge={("grid", y): 0.03 for y in YEARS}, metered={"grid": ("grid", "wind contract")}, demand_options={"grid": ("metered", "contract", "capacity")},
        demand_limit={"grid": 60.0}, bills={}, ratchet={("grid", "summer", "winter"): 0.6},
        demand_rate={("grid", i, j): v for i in ("summer", "winter") for j, v in (("first", 0.5), ("rest", 1.0))}, demand_width={("grid", "first"): 5.0},
        contract_price={("grid", y): 0.03 for y in YEARS}, excess_price={("grid", y): 0.06 for y in YEARS}, contract_floor={"grid": 24.0},
        contract_headroom={"grid": 1.05}, capacity_fee={("grid", y): 1.1 for y in YEARS},
        events={("grid", "cold evening", "winter night"): 1.0}, event_price={("grid", "cold evening", 2027): 0.1},
        # where the sun's power goes
        green={"sun line": ("power", ("roof solar",))}, could_make={("sun line", "roof solar"): 1.914}, self_use_min={"sun line": 0.6}, load_share_min={("sun line", y): 0.02 for y in YEARS},
        export_max={"sun line": 0.2}, most_used={("sun line", y): 500.0 for y in YEARS},
        # what may be emitted, and what that costs
        certificate_ceiling=dict.fromkeys(YEARS, 0.8),
        grid_factor={("location", 2026): 0.5, ("location", 2027): 0.48, ("market", 2026): 0.6, ("market", 2027): 0.59},
        cap_counts={
            "site": ("direct", "location"), "wide": ("direct_energy", "location"), "green": ("direct_energy", "market"), "both years": ("direct", "location"),
            "power": ("purchased", "market"), "energy": ("energy", "calorific"), "sun and wind": ("green_share", "recognised"),
        },
        cap_limit={("site", 2027): 60.0, ("wide", 2026): 140.0, ("wide", 2027): 140.0, ("green", 2027): 105.0, ("both years", 2027): 150.0, ("power", 2027): 40.0}
        | {("energy", y): 60.0 for y in YEARS} | {("sun and wind", 2027): 0.0},
        cap_market={("energy", k, y): w for k, w in (("coke trade", 0.97), ("grid", 0.123), ("wind contract", 0.123)) for y in YEARS}
        | {("sun and wind", k, 2027): -1.0 for k in ("wind contract", "certificate")},
        cap_output={("site", "steam net", 2027): 0.1},
        cap_share={("sun and wind", 2027): 0.2}, cap_sums=("both years",), cap_price={("energy", y): 2.0 for y in YEARS},
        allowance_price={2027: 0.1}, allowance={2027: 30.0}, credit_gain={2027: 0.001}, border_share={2027: 0.1}, border_free={2027: 3.0}, border_price={2027: 0.5}, border_fixed={2026: 0.2},
        physical=(("power", 2027),), clean=("roof solar",), carbon_price=dict.fromkeys(YEARS, 0.1),
        # what it costs
        investment={(a, v): price for a, (_, price) in NEW.items() if a != "capture" for v in YEARS}, paid={(a, v, v): 1.0 for a in NEW for v in YEARS},
        credit={(a, v): left for a in NEW if a not in MEASURES for v, left in LEFT.items()},
        lasting={(m, v, "furnace", "renewed"): left for m in MEASURES for v, left in LEFT.items()}
        | {("recovery", v, "electric furnace", f"built {built}"): left for v, left in LEFT.items() for built in YEARS}
        | {("insulation", v, "boiler", "stood"): left / 2 for v, left in LEFT.items()},
        dearest={(m, v): 1.1 if m == "capture" else NEW[m][1] for m in MEASURES for v in YEARS},
        renewal_investment={"furnace": 0.9, "battery": 0.3}, renewal_credit={"furnace": 0.8, "battery": 0.2},
        aged_cost={("furnace", 2026): 0.01, ("old boiler", 2026): 0.02}, vintage_cost={("roof solar", 2027): -0.01}, fixed_cost={("furnace", y): 0.1 for y in YEARS},
        variable_cost={(a, y): cost for a, cost in {"furnace": 0.2, "roof solar": 0.01, "battery": 0.05, "capture": 0.1}.items() for y in YEARS},
        discount_start={2026: 1.0, 2027: 0.93}, discount_end={2026: 0.93, 2027: 0.87},
    )  # fmt: skip
