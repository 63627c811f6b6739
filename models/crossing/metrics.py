"""What the metrics of the crossing mean; delays of fleets follow them."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of every crossing."""

    mean_delay_s = Metric("Mean delay", "Time lost, per car that came in the window.", "s", "low")
    p95_delay_s = Metric("Worst 5 %", "Delay that 95 % of the trips that ended do not exceed.", "s", "low")
    queue_veh = Metric("Waiting", "Cars that lose time, mean over the window.", "veh", "low")
    throughput_veh_per_h = Metric("Throughput", "Trips that ended, per hour.", "veh/h", "high")
    collisions_per_million = Metric("Collisions per million", "Collisions per million trips that ended.", "", "low")
    yields_per_veh = Metric(
        "Yields", "Cars of the other road that went first while a car waited at its line, per finished trip."
    )
    turned_away_veh = Metric("Turned away", "Arrivals that found no room on their lane, or no car.", "veh", "low")
