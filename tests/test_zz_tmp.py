from tests.test_publication import sown, get, codes_of
from tests.conftest import TODAY
from credit.services.forecast import forecast
from credit.services import look_up
import time, cProfile, pstats
def test_x(sown):
    client=sown[0]
    codes=codes_of(client)[::4]
    for code in codes:
        f=forecast(code, TODAY)
        for i in f["items"]:
            if i["score"] is not None and i["score_was"] is not None:
                assert i["score"]-i["score_was"]==sum(b["points"] for b in i["because"]), i
            assert i["because"]
    t=time.perf_counter()
    for code in codes: forecast(code, TODAY)
    print("forecast", (time.perf_counter()-t)/len(codes))
    t=time.perf_counter()
    for code in codes: look_up.grade_history(code, TODAY)
    print("history", (time.perf_counter()-t)/len(codes))
    t=time.perf_counter()
    for code in codes: client.get(f"/enterprises/{code}")
    print("page", (time.perf_counter()-t)/len(codes))
    p=cProfile.Profile(); p.enable()
    for code in codes: forecast(code, TODAY)
    p.disable()
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
