"""Frame 框架: the years, steps and carriers that every block shares."""

from pyomo.environ import Any, ConcreteModel, Param, Set

from models.inputs import Inputs


def new(x: Inputs) -> ConcreteModel:
    """Return an empty model with the shared index sets."""
    m = ConcreteModel(name="factory")
    m.YEARS = Set(initialize=x.years, ordered=True, doc="$y$ planning years 规划年")
    m.STEPS = Set(initialize=x.steps, ordered=True, doc="$s$ steps of the representative days 典型日时段")
    m.BILLING = Set(initialize=tuple(x.months), ordered=True, doc="$n$ groups of billing months 计费月组")
    m.STEP_CARRIERS = Set(initialize=x.step_carriers, ordered=True, doc="$c$ carriers balanced in every step 逐时平衡载体")
    m.YEAR_CARRIERS = Set(initialize=x.year_carriers, ordered=True, doc="$c$ carriers balanced over the year 年度平衡载体")
    m.hours = Param(m.STEPS, initialize=x.hours, doc=r"$h_s$ [h] length of a step 时段长度")
    m.duration = Param(m.STEPS, initialize=x.duration, doc=r"$w_s$ [kh] thousand hours a year that a step stands for 时段年代表时长")
    m.months = Param(m.BILLING, initialize=x.months, doc=r"$M_n$ [-] billing months in a group 组内计费月数")
    m.previous = Param(m.STEPS, initialize=x.previous, within=Any, doc=r"$s-1$ [-] the step before, cyclic in its day 前一时段")
    return m
