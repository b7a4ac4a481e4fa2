# Means by domain with standard errors by the R package survey.
# Rscript estimates_by_survey.R ROWS.csv FIGURES.csv VARIABLE …
# Prints the seconds, and seconds of processors, of all variables in one call; the same of a call
# for the first variable alone; and the version.
suppressMessages(library(survey))
given <- commandArgs(TRUE)
names <- given[-(1:2)]
rows <- read.csv(given[1])
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = rows, nest = TRUE)
alone <- system.time(svyby(reformulate(names[1]), ~domain, design, svymean))
spent <- system.time(found <- svyby(reformulate(names), ~domain, design, svymean))
figures <- data.frame(
  domain = rep(found$domain, length(names)),
  variable = rep(names, each = nrow(found)),
  value = unlist(found[names]),
  se = unlist(SE(found)))
write.csv(format(figures, digits = 15), given[2], row.names = FALSE, quote = FALSE)
processors <- function(spent) spent[["user.self"]] + spent[["sys.self"]]
cat(spent[["elapsed"]], processors(spent), alone[["elapsed"]], processors(alone),
    format(packageVersion("survey")), "\n")
