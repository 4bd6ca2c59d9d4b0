"""Material 素材: a stored run with the case it came from, and what reports ask of both, as plain tables without a language."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from planner import case as cases
from planner import plant as plants
from planner import stored
from planner.case import Case
from planner.plant import MILLION, THOUSAND, Plant
from planner.results import Results
from planner.tables import Row
from planner.units import factor
from planner.views import names
from planner.views.roadmap import BUILDS

NETWORKS = ("heat", "cold", "service", "hydrogen", "gas", "co2")  # what a saving reaches the chimney through something else


@dataclass(frozen=True)
class Material:
    """A run read back, with its case and plant as this version of the program reads them."""

    results: Results
    case: Case
    plant: Plant

    @property
    def stale(self) -> bool:
        """Whether this version reads other numbers than the run was made with."""
        return bool(self.case.fingerprint != self.results.summary["fingerprint"])

    @property
    def first(self) -> int:
        """First planned year."""
        return int(self.results.summary["first_year"])

    @property
    def last(self) -> int:
        """Last planned year."""
        return int(self.results.summary["last_year"])

    @property
    def years(self) -> tuple[int, ...]:
        """All planned years."""
        return tuple(range(self.first, self.last + 1))

    @cached_property
    def energy_content(self) -> dict[str, float]:
        """Carrier -> tce in one of its units, for carriers that have a heating value; electricity at its calorific value."""
        content = {}
        for row in self.case.tables["factors"]:
            if row["parameter"] == "energy" and row["carrier"] in self.plant.units:
                content[row["carrier"]] = row["value"] * factor(row["unit"], f"tce/{self.plant.units[row['carrier']]}")
        return content

    @cached_property
    def product(self) -> pd.Series:
        """What is delivered of the product, in its unit, by year."""
        made = {y: self.plant.demand.get((self.plant.product, y), 0.0) * THOUSAND for y in self.years}
        flows = self.results["balance"]
        sales = [k for k, m in self.plant.markets.items() if not m.buys and m.carrier == self.plant.product]
        sold = -flows[flows["item"].isin(sales)].groupby("year")["amount"].sum()
        return pd.Series(made, dtype=float).add(sold, fill_value=0.0)

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """Energy bought, less what is sold, by carrier and year: carrier, unit, one column a year, in the carrier's unit."""
        flows = self.results["balance"]
        rows = flows[flows["item"].isin(list(self.plant.markets)) & flows["carrier"].isin(list(self.energy_content))]
        wide = rows.pivot_table(index=["carrier", "unit"], columns="year", values="amount", aggfunc="sum", fill_value=0.0)
        return wide.reindex(columns=list(self.years), fill_value=0.0).reset_index()

    @cached_property
    def coal_equivalent(self) -> pd.Series:
        """Energy bought, less what is sold, by year, tce."""
        content = self.purchases["carrier"].map(self.energy_content)
        return self.purchases[list(self.years)].mul(content, axis=0).sum().astype(float)

    @cached_property
    def coal_equivalent_grid(self) -> pd.Series:
        """The same with electricity at its equivalent value: the coal it took to make it, tce."""
        more = {r["carrier"]: r["value"] * factor(r["unit"], f"tce/{self.plant.units[r['carrier']]}") for r in self.case.tables["factors"]
                if r["parameter"] == "energy_equivalent" and r["carrier"] in self.plant.units}  # fmt: skip
        content = self.purchases["carrier"].map(self.energy_content | more)
        return self.purchases[list(self.years)].mul(content, axis=0).sum().astype(float)

    @cached_property
    def value_added(self) -> pd.Series | None:
        """CNY of value added by year, None where the case gives none per unit of product."""
        worth = float(self.case["product.value_added"])
        return self.product * worth if worth else None

    @cached_property
    def electricity(self) -> pd.DataFrame:
        """Years x (grid, solar, wind, other): electricity bought and made on the site, MWh; less what is sold."""
        flows = self.results["balance"]
        rows = flows[flows["carrier"] == "electricity"].copy()
        kinds = {i: self._supply(str(i)) for i in rows["item"].unique()}
        rows["kind"] = rows["item"].map(kinds)
        rows = rows[(rows["kind"] == "sold") | ((rows["kind"] != "") & (rows["amount"] > 0))]
        wide = rows.pivot_table(index="year", columns="kind", values="amount", aggfunc="sum", fill_value=0.0)
        return wide.reindex(index=list(self.years), columns=["grid", "solar", "wind", "other", "sold"], fill_value=0.0)

    def _supply(self, item: str) -> str:
        if item in self.plant.markets:
            return "grid" if self.plant.markets[item].buys else "sold"
        asset = self.plant.assets.get(item)
        if asset is None or asset.kind != "converter":
            return ""
        return kind if (kind := names.kind(item)) in ("solar", "wind") else "other"

    @cached_property
    def investment(self) -> pd.DataFrame:
        """Years x lever: investment as paid, CNY of that year (real)."""
        flow = self.results["cash_flow"]
        paid = flow[flow["kind"] == "investment"].copy()
        paid["lever"] = [self._lever(str(a)) for a in paid["item"]]
        wide = paid.pivot_table(index="year", columns="lever", values="cny", aggfunc="sum", fill_value=0.0)
        levers = [v for v in ("structure", "technology", "management", "other") if v in wide]
        return wide.reindex(index=list(self.years), columns=levers, fill_value=0.0)

    def _lever(self, asset: str) -> str:
        lever = self.plant.assets[asset].lever if asset in self.plant.assets else ""
        return lever if lever in ("structure", "technology", "management") else "other"

    @cached_property
    def projects(self) -> pd.DataFrame:
        """One row an asset that is built or renewed: start, finish, size, unit, investment_cny, estimated, tce and t saved in the last year."""
        road = self.results["roadmap"]
        rows = []
        for asset, steps in road[road["action"].isin(BUILDS)].groupby("asset", sort=False):
            tce, t = self.saved(str(asset))
            first = steps.iloc[0]
            rows.append({
                "asset": asset, "en": first["en"], "zh": first["zh"], "lever": first["lever"], "action": first["action"],
                "start": int(steps["decision_year"].min()), "finish": int(steps["year"].max()), "size": float(steps["size"].sum()), "unit": first["unit"],
                "investment_cny": float(steps["investment_cny"].sum()), "estimated": bool(steps["estimated"].any()), "tce": tce, "t": t,
            })  # fmt: skip
        columns = ["asset", "en", "zh", "lever", "action", "start", "finish", "size", "unit", "investment_cny", "estimated", "tce", "t"]
        return pd.DataFrame(rows, columns=columns).sort_values(
            ["start", "finish", "investment_cny"], ascending=[True, True, False], ignore_index=True
        )

    def saved(self, asset: str) -> tuple[float | None, float | None]:
        """Energy (tce) and CO2 (t) a project saves in the last year, each None where it cannot be told from the whole plan.

        Energy: what a retrofit saves at the point of use, or the power a solar or wind plant makes, at heating values. CO2:
        at the process itself and through grid power (location); a project that acts on heat, cold, gas or hydrogen works
        through other equipment, so its tonnes are known for the plan as a whole only.
        """
        found = self.plant.assets.get(asset)
        flows = self.results["balance"]
        here = flows[(flows["item"] == asset) & (flows["year"] == self.last)]
        amount = dict(zip(here["carrier"].astype(str), here["amount"].astype(float), strict=True))
        makes_power = names.kind(asset) in ("solar", "wind") and set(amount) == {"electricity"}
        if found is None or not amount or not (found.kind == "measure" or makes_power):
            return None, None
        tce = sum(v * self.energy_content[c] for c, v in amount.items() if c in self.energy_content)
        groups = {self.case.by_name["carriers"][c]["group"] for c in amount}
        if not any(c in self.energy_content for c in amount):
            return None, None
        if groups & set(NETWORKS):
            return tce, None
        sources = self.results["sources"]
        direct = -float(sources.loc[(sources["asset"] == asset) & (sources["year"] == self.last), "t"].sum())
        return tce, direct + amount.get("electricity", 0.0) * self.plant.grid_factor["location", self.last]

    def total(self, year: int, view: str = "location", table: str = "emissions") -> float:
        """Emissions of a year in one view, t."""
        t = self.results[table]
        return float(t.loc[(t["year"] == year) & (t["scope"] == "total") & (t["view"] == view), "t"].iloc[0])

    @cached_property
    def rejected(self) -> tuple[str, ...]:
        """Options the plan does not use."""
        used = set(self.results["roadmap"]["asset"])
        return tuple(a for a in self.plant.candidates if a not in used)

    def prices(self) -> list[tuple[str, str, float, float, Row]]:
        """Prices of what the plan buys and sells: market, unit, first and last year (CNY a unit), and the row that says so."""
        said = {(r["market"]): r for r in self.case.tables["market_values"] if r["parameter"] == "price"}
        province = {(r["province"], r["parameter"]): r for r in self.case.tables["province_values"]}
        found = []
        for name, market in self.plant.markets.items():
            row = said.get(name)
            if row is None or not market.price:
                continue
            theirs = row["province_parameter"]
            if theirs:
                row = province.get((self.case["site.province"], theirs)) or province.get(("china", theirs)) or row
            per = MILLION / THOUSAND
            found.append((name, self.plant.units[market.carrier], market.price[self.first] * per, market.price[self.last] * per, row))
        return found

    def investments(self) -> list[tuple[str, Row]]:
        """The investment figure behind every asset the plan builds: asset and the row of the catalogue or the case."""
        own = {r["asset"]: r for r in self.case.tables["overrides"] if r["parameter"] == "investment"}
        catalogue = {r["technology"]: r for r in self.case.tables["technology_values"] if r["parameter"] == "investment"}
        built = self.projects.sort_values("investment_cny", ascending=False)["asset"]
        rows = ((str(a), own.get(str(a)) or catalogue.get(self.plant.assets[str(a)].technology)) for a in built if str(a) in self.plant.assets)
        return [(a, row) for a, row in rows if row is not None]

    def factor_rows(self) -> list[tuple[str, int, float, Row | None]]:
        """Emission factors of grid power: view, year, t/MWh, and the newest row up to that year that says so."""
        own = bool(self.case["site.grid_factor"])
        keys = {"location": (self.case["site.province"], "grid_factor"), "market": ("china", "residual_factor")}
        found = []
        for view, (province, parameter) in keys.items():
            rows = [r for r in self.case.tables["province_values"] if r["province"] == province and r["parameter"] == parameter]
            for year in (self.first, self.last):
                until = [r for r in rows if (r["year"] or 0) <= year]
                row = max(until, key=lambda r: r["year"] or 0, default=None)
                found.append((view, year, self.plant.grid_factor[view, year], None if own and view == "location" else row))
        return found


def of(name: str | Path) -> Material:
    """The material of a stored run, by folder or by the name of a shipped one. Raises CaseError."""
    folder = stored.find(name)
    kept = stored.load(folder)
    read = cases.read(folder / "case", stored.stated(folder))
    return Material(names.labelled(kept.results, read), read, plants.resolve(read))
