"""Parameter values of the unit tests: they check behaviour, and calibrating the defaults must not move them."""

from __future__ import annotations

PINNED: dict[str, dict[str, float]] = {
    "population": {
        "output": 40.0, "wage": 9.6, "size_median": 12.0, "size_spread": 1.0, "tractor_size": 320.0, "entrant_size":
        5.0, "knowledge_gap": 0.35, "knowledge_spread": 0.2, "tractor_lead": 0.2, "technology_spread": 0.09,
        "climate_spread": 0.05, "place_spread": 0.03, "threshold": 0.28, "threshold_spread": 0.08, "wariness": 0.3,
        "history": 12.0, "belief": 0.25, "age_mean": 40.0, "cash": 0.6, "assets": 2.0, "debt": 0.3,
    },
    "environment": {
        "frontier_growth": 0.003, "demand_persistence": 0.9, "demand_noise": 0.012, "technology_hazard": 0.0,
        "technology_shift": 0.25, "foresight": 12.0,
    },
    "programme": {
        "delivery_floor": 0.4, "delay_loss": 0.06, "delivery_gain": 0.04, "failure_loss": 0.01, "interruption_hazard":
        0.0, "swing": 0.3, "interruption_quarters": 4.0, "return_after": 8.0, "targeting": 0.2, "map_speed": 0.25,
        "map_fading": 0.05,
    },
    "facilitation": {"focus": 0.4, "rapport_start": 0.6, "rapport_gain": 0.1, "turnover": 0.03, "partiality": 0.3},
    "meeting": {
        "rate": 0.3, "member_bonus": 0.5, "event_bonus": 1.0, "attention": 4.0, "attention_growth": 2.2,
        "institution_attention": 400.0, "institution_chance": 0.12, "closeness": 0.08, "chain": 0.8, "triad": 0.215,
        "cognitive": 0.2, "fellow": 0.8, "assurance": 0.15, "brokered": 2.0, "contract_rate": 0.6, "contract_attention":
        4.0, "pipeline_rate": 0.006, "pipelines_max": 3.0, "pipeline_trust": 0.45, "pipeline_spread": 0.5, "domestic":
        0.4, "domestic_spread": 0.05,
    },
    "trust": {
        "gain": 0.06, "loss": 0.14, "misfortune": 0.3, "spread": 0.08, "luck": 0.92, "stress": 0.5, "usual_margin":
        0.06, "contact_0": 0.2, "contact_1": 0.5, "contact_2": 0.9, "contact_3": 1.0, "decay": 0.03, "climate_learning":
        0.03, "climate_return": 0.01, "event_warmth": 0.004, "assurance": 0.08, "mediation": 0.5, "firms_served": 30.0,
        "gossip": 0.5, "gossip_weight": 0.15,
    },
    "linkage": {
        "benefit_1": 1.0, "benefit_2": 1.6, "benefit_3": 2.6, "cost_1": 0.1, "cost_2": 0.2, "cost_3": 0.5, "exposure_1":
        0.25, "exposure_2": 0.4, "exposure_3": 1.2, "peak": 0.12, "fit_floor": 0.4, "climb": 0.25, "climb_horizontal":
        0.5, "drop": 0.1, "forget": 0.04, "churn": 0.0, "persistence": 0.6,
    },
    "association": {
        "vision_gain": 0.15, "vision_wins": 0.03, "vision_workshops": 0.05, "vision_decay": 0.03, "vision_turnover":
        0.5, "vision_failures": 0.02, "politicisation": 0.5, "memory": 0.1, "core_needed": 0.25, "vision_needed": 0.12,
        "founding_rate": 0.15, "designed_rate": 0.5, "join_rate": 0.12, "join_bar": 1.0, "join_spread": 0.12, "capture":
        0.25, "fee_micro": 0.02, "fee_small": 0.05, "fee_medium": 0.1, "fee_large": 0.5, "services": 0.5, "staff_cost":
        1.6, "staff_max": 15.0, "board_start": 0.6, "board_speed": 0.1, "group_members": 12.0, "members_min": 5.0,
        "patience": 6.0, "brand_gain": 0.01, "brand_decay": 0.015,
    },
    "joint_action": {
        "launch": 0.4, "launch_help": 0.1, "attention": 0.6, "group_attention": 0.5, "spread": 0.1, "choice_spread":
        0.15, "belief_weight": 1.6,
        "partners_min": 4.0, "gain_easy": 0.9, "gain_hard": 2.4, "burden_easy": 0.1, "burden_hard": 0.75, "cost_easy":
        2.0, "cost_hard": 60.0, "quarters_easy": 2.0, "quarters_hard": 8.0, "success": 0.85, "difficulty": 0.2,
        "planning": 0.15, "learning": 0.15, "witness": 0.03, "warmth": 0.03, "saving": 0.02, "volume": 3.0, "orders":
        0.03, "skill": 0.05, "quality": 0.15, "reach": 0.5, "knowledge": 0.1, "turnaround": 0.15, "school": 0.5,
        "fading": 0.04,
    },
    "conduct": {"trust": 0.6, "spread": 0.05, "openness": 0.1, "speed": 0.04},
    "knowledge": {
        "research": 0.065, "research_rate": 0.1, "research_elasticity": 0.5, "headroom": 0.15, "usual_rd": 0.03,
        "learning": 1.0, "saturation": 1.5, "diffusion": 0.03, "spillover": 0.004, "imitation": 0.03, "search": 0.006,
        "pull": 0.01, "window": 2.0, "school_lag": 0.05, "extension": 1.0, "capacity_speed": 0.05, "quality_speed": 0.02,
        "supplier_speed": 0.06, "service_speed": 0.03, "training_speed": 0.02, "school_pull": 0.03, "certificate": 0.75,
        "certificate_cost": 1.5, "certificate_worth": 0.005,
    },
    "market": {
        "selection": 0.06, "rival_lag": 0.28, "lump": 1.0, "noise": 0.07, "noise_size": 0.16, "span": 0.045, "quality_weight":
        0.25, "saving_weight": 1.0, "proximity": 0.0, "brand_weight": 0.1, "wage_weight": 0.4, "mismatch": 3.0, "agglomeration":
        0.045, "agglomeration_scale": 500.0, "congestion": 0.05, "congestion_density": 25.0, "export_cut": 0.35,
        "export_speed": 0.06, "export_margin": 0.1, "export_cost": 12.0, "reach_weight": 0.15, "inputs": 0.55,
        "local_most": 0.5, "local_half": 1.2, "local_speed": 0.1, "standard_tractor": 0.45, "standard_sme": 0.2,
        "upgrading": 0.04, "contract_most": 0.6, "surplus": 0.2, "slack": 1.1, "hiring": 0.2, "firing": 0.12,
        "certified_weight": 0.15, "markup": 0.06, "procurement_quality": 0.5, "graduates": 1.0, "trainees": 4.0,
        "wage_pressure": 0.1, "mobility": 0.03,
    },
    "finance": {
        "imported": 0.5, "overhead": 0.06, "interest": 0.015, "depreciation": 0.02, "assets_target": 2.0,
        "invest_speed": 0.08, "buffer": 0.6, "payout": 0.3, "repay": 0.04, "leverage": 0.5, "collateral": 0.5,
        "relationship": 0.15, "appetite": 0.7, "caution": 12.0, "memory": 0.08, "venture_age": 28.0, "paperwork": 0.15,
        "smoothing": 0.1,
    },
    "demography": {
        "startup_rate": 0.01, "startup_floor": 0.1, "startup_margin": 6.0, "usual_margin": 0.06, "easier": 0.15,
        "startup_gap": 0.1, "startup_spread": 0.5,
        "spinoff_rate": 0.0025, "spinoff_quality": 2.0, "inheritance": 0.7, "attraction_rate": 0.06, "settler_tractor":
        0.08, "entrants_max": 0.05, "seed_loan": 0.0, "closure": 0.016, "closure_age": 0.025, "closure_size": 0.35,
        "patience": 0.15, "liquidation": 0.5,
    },
    "complacency": {
        "most": 1.2, "least": 0.35, "turning": 0.08, "spread": 0.02, "speed": 0.03, "benchmark": 2.0, "rd_share": 0.03,
        "rd_tractor": 1.3,
    },
    "diversification": {"rate": 0.02, "advantage": 0.05, "market": 0.1, "kept": 0.7},
    "nation": {"reach": 0.25},
    "phase": {
        "smoothing": 0.25, "stay": 4.0, "leave": 0.8, "creation_firms": 12.0, "creation_linked": 0.3, "creation_core":
        0.15, "development_firms": 20.0, "development_core": 0.4, "development_vision": 0.25, "maturity_growth": 1.15,
        "maturity_core": 0.6, "maturity_pipelines": 0.2, "transformation_shift": 0.06, "decline_trend": -0.02,
        "decline_depth": 0.88, "peak_leak": 0.003, "trend_memory": 0.0625, "museum_stay": 16.0, "museum_level": 0.6,
        "renaissance_trend": 0.015, "renaissance_rise": 1.05, "dissolved": 8.0, "trust_stage": 0.45, "reference_speed":
        1.0,
    },
}  # fmt: skip
