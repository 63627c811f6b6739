"""What the metrics of the traffic world mean."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of signals and roads."""

    mean_delay_s = Metric(
        "Mean delay",
        "Time lost in queues, entry included, and in picking up speed, per vehicle that arrived in the window.",
        "s",
        "low",
    )
    p95_delay_s = Metric("Worst 5 %", "Delay that 95 % of the trips that ended do not exceed.", "s", "low")
    gini_delay = Metric("Unfairness (Gini)", "Gini coefficient of delay over trips that ended.", "", "low")
    queue_veh = Metric("Waiting", "Vehicles standing or waiting to enter, mean over the window.", "veh", "low")
    vehicles = Metric("Vehicles", "Vehicles present, waiting to enter included, mean over the window.", "veh")
    stops_per_veh = Metric("Stops", "Stops of a trip, for trips that ended.", "", "low")
    throughput_veh_per_h = Metric("Throughput", "Trips that ended, per hour.", "veh/h", "high")
    switches_per_h = Metric("Switches", "Changes of phase per signal and hour.")
    turned_away_veh = Metric("Turned away", "Arrivals that found no room to wait at their gate.", "veh", "low")


class TripColumn(Columns):
    """Columns that follow where drivers have destinations."""

    mean_trip_s = Metric(
        "Mean trip", "Time from arrival at a gate to the destination, for trips that ended.", "s", "low"
    )
    detour_share = Metric("Detours", "Share of finished trips that took a longer way than the shortest.")
    route_switches = Metric("Change of route", "Share of drivers who took a different route from their last trip.")
    price_of_anarchy = Metric(
        "Price of anarchy",
        "Mean trip that the window's flows would take in the static model (steady flows, Webster's "
        "plan), divided by the mean trip at its system optimum. Drivers who follow learned signals "
        "raise it.",
    )
    cut_off_veh = Metric(
        "Cut off", "Vehicles that left at another gate because a closed road cut them off.", "veh", "low"
    )
