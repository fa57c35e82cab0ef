"""The shipped contract over every suggester of the catalog."""

from dowse.optim.auto import AutoSuggester
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.contract import SuggesterContract
from dowse.optim.designs import GridSuggester, RandomSuggester, SobolSuggester
from dowse.optim.protocol import Suggester


class TestRandom(SuggesterContract):
    def suggester(self) -> Suggester:
        return RandomSuggester()


class TestSobol(SuggesterContract):
    def suggester(self) -> Suggester:
        return SobolSuggester()


class TestGrid(SuggesterContract):
    def suggester(self) -> Suggester:
        return GridSuggester()


class TestAuto(SuggesterContract):
    def suggester(self) -> Suggester:
        return AutoSuggester()


class TestBayesian(SuggesterContract):
    def suggester(self) -> Suggester:
        return BayesianSuggester()


class TestBayesianUnderNoise(SuggesterContract):
    def suggester(self) -> Suggester:
        return BayesianSuggester(noise="high", initial=2)
